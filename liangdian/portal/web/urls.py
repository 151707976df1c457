"""Addresses for residents."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.navigation import Entry, Section, register
from liangdian.portal.web import attachments, booking, hours, my_booking, resident_sign_in, views, who

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("apply/", views.apply, name="apply"),
    path("follow/", views.follow, name="follow"),
    path("my/", resident_sign_in.my_matters, name="my"),
    path("my/sign-in/", resident_sign_in.sign_in, name="sign-in"),
    path("my/code/", resident_sign_in.code, name="code"),
    path("my/receipt/", resident_sign_in.with_receipt, name="with-receipt"),
    path("my/sign-out/", resident_sign_in.sign_out, name="sign-out"),
    path("hours/", hours.opening_hours, name="hours"),
    path("who/", who.who_helps, name="who"),
    path("commitments/", views.commitments, name="commitments"),
    path("book/", booking.choose, name="book"),
    path("book/for/<str:code>/", booking.where, name="book-where"),
    path("book/who/", booking.who, name="book-who"),
    path("book/code/", booking.code, name="book-code"),
    path("book/mine/", my_booking.mine, name="booking-mine"),
    path("book/<int:resource_id>/", booking.times, name="book-times"),
    path("book/<int:resource_id>/wait/", booking.wait, name="book-wait"),
    path("b/<slug:token>/", my_booking.page, name="booking"),
    path("b/<slug:token>/take/", my_booking.take, name="booking-take"),
    path("b/<slug:token>/move/", my_booking.move, name="booking-move"),
    path("b/<slug:token>/cancel/", my_booking.cancel, name="booking-cancel"),
    path("b/<slug:token>/appointment.ics", my_booking.calendar_file, name="booking-ics"),
    path("r/<slug:token>/", views.rate, name="rate"),
    path("m/<slug:token>/", views.matter, name="matter"),
    path("m/<slug:token>/looked/", views.looked, name="looked"),
    path("m/<slug:token>/documents/", attachments.documents, name="documents"),
    path("m/<slug:token>/documents/<int:number>/", attachments.document, name="document"),
    path("m/<slug:token>/documents/<int:number>/withdraw/", attachments.withdraw, name="withdraw-document"),
    path("m/<slug:token>/receipt.pdf", views.matter_receipt, name="matter-receipt"),
    path("m/<slug:token>/notices/<str:number>.pdf", views.matter_notice, name="matter-notice"),
]
register(
    Entry(_("Guides"), "guides:list", "book-2", order=10, section=Section.PUBLIC),
    Entry(_("Tell us"), "portal:apply", "message-plus", order=20, section=Section.PUBLIC),
    Entry(_("Appointment"), "portal:book", "calendar-event", order=25, section=Section.PUBLIC),
    Entry(_("Follow"), "portal:follow", "map-pin-search", order=30, section=Section.PUBLIC),
    Entry(_("Our promises"), "portal:commitments", "calendar-check", order=40, section=Section.PUBLIC),
)
