"""Addresses of casework for staff."""

from django.urls import path, re_path

from liangdian.casework.web import attachments, doors, exports, limits, many, residents, saved, similar, views

app_name = "casework"
urlpatterns = [
    path("", views.worklist, name="list"),
    path("search/", views.worklist, {"name": "all"}, name="search"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", exports.export, name="export"),
    path("filters/", saved.filters, name="filters"),
    path("filters/<int:number>/opens/", saved.open_with, name="open-with"),
    path("filters/<int:number>/delete/", saved.delete, name="delete-filter"),
    path("new/", views.intake, name="new"),
    path("items/", views.item_options, name="item-options"),
    path("limits/", limits.limit_list, name="limits"),
    path("limits/<str:code>/", limits.limit, name="limit"),
    path("hand-over/", many.hand_over, name="hand-over"),
    path("hand-over/<int:number>/back/", many.give_back, name="give-back"),
    path("chosen/", many.chosen, name="chosen"),
    path("similar/", similar.typed, name="similar-typed"),
    path("residents/", residents.resident_choices, name="residents"),
    path("<str:reference>/", views.case, name="case"),
    path("<str:reference>/similar/", similar.of_case, name="similar"),
    path("<str:reference>/receipt.pdf", views.receipt_pdf, name="receipt"),
    path("<str:reference>/phone/", residents.phone, name="phone"),
    path("<str:reference>/documents/", attachments.documents, name="documents"),
    path("<str:reference>/documents/<int:number>/", attachments.document, name="document"),
    path("<str:reference>/documents/<int:number>/withdraw/", attachments.withdraw, name="withdraw-document"),
    path("<str:reference>/notices/<str:number>.pdf", views.notice_pdf, name="notice"),
    path("<str:reference>/<str:act>/", views.act, name="act"),
]
doors.open_doors()
residents.open_panel()
limits.open_door()
