from django.urls import path

from liangdian.desks.mediation.web import committee, paper_views, views, watching

app_name = "mediation"
urlpatterns = [
    path("", views.disputes, name="list"),
    path("new/", views.register, name="new"),
    path("fulfilment/", watching.fulfilment, name="fulfilment"),
    path("figures/", watching.period, name="figures"),
    path("committee/", committee.committees, name="committee"),
    path("committee/edit/", committee.edit, name="committee-edit"),
    path("committee/<int:committee_id>/elect/", committee.elect, name="committee-elect"),
    path("committee/<int:committee_id>/join/", committee.join, name="committee-join"),
    path("committee/members/<int:member_id>/leave/", committee.leave, name="committee-leave"),
    path("<str:reference>/sign/", paper_views.sign, name="sign"),
    path("<str:reference>/agreement/<int:number>.pdf", paper_views.copy, name="copy"),
    path("<str:reference>/signed/<int:number>/", paper_views.scan, name="scan"),
    path("<str:reference>/court.pdf", paper_views.court, name="court"),
]
