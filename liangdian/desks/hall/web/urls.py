"""Addresses of the hall for staff."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall import policy
from liangdian.desks.hall.web import figures, lead, reception, setting_up, window
from liangdian.platform.ui.navigation import Entry, Section, register

app_name = "hall"
urlpatterns = [
    path("", lead.home, name="home"),
    path("window/", window.window, name="window"),
    path("window/choose/", window.choose, name="choose"),
    path("window/next/", window.call_next, name="next"),
    path("window/resume/", window.resume, name="resume"),
    path("window/sign-off/", window.sign_off, name="sign-off"),
    path("window/<int:window_id>/sign-on/", window.sign_on, name="sign-on"),
    path("items/<int:item_id>/<str:act>/", window.act, name="act"),
    path("visits/<int:visit_id>/", reception.slip, name="slip"),
    path("visits/<int:visit_id>/slip.pdf", reception.slip_pdf, name="slip-pdf"),
    path("open/<int:unit_id>/", setting_up.open_hall, name="open"),
    path("<int:hall_id>/", lead.lead, name="lead"),
    path("<int:hall_id>/number/", reception.number, name="number"),
    path("<int:hall_id>/find/", reception.find, name="find"),
    path("<int:hall_id>/items/<int:item_id>/move/", lead.move, name="move"),
    path("<int:hall_id>/sessions/<int:session_id>/close/", lead.close, name="close"),
    path("<int:hall_id>/figures/", figures.page, name="figures"),
    path("<int:hall_id>/figures/export.<str:form>", figures.export, name="export"),
    path("<int:hall_id>/set-up/", setting_up.set_up, name="set-up"),
    path("<int:hall_id>/queues/new/", setting_up.group, name="new-group"),
    path("<int:hall_id>/queues/<int:group_id>/", setting_up.group, name="group"),
]
register(
    Entry(_("My window"), "hall:window", "device-desktop", policy.SERVING, 10, Section.HALL),
    Entry(_("The hall now"), "hall:home", "building-store", policy.LOOKING, 20, Section.HALL),
)
