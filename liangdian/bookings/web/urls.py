"""Addresses of appointments, the room's door in the rail, and its section on a resident's page."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.bookings import policy
from liangdian.bookings.web import defining, panel, views
from liangdian.platform.ui.navigation import Entry, Section, register

app_name = "bookings"
urlpatterns = [
    path("", views.resources, name="list"),
    path("new/", defining.new_resource, name="new_resource"),
    path("rules/", defining.rules, name="rules"),
    path("of/<int:resource_id>/", views.day, name="day"),
    path("of/<int:resource_id>/new/", views.new, name="new"),
    path("of/<int:resource_id>/waiting/", views.waiting, name="waiting"),
    path("of/<int:resource_id>/edit/", defining.edit_resource, name="edit_resource"),
    path("of/<int:resource_id>/hours/", defining.hours, name="hours"),
    path("<int:booking_id>/", views.booking, name="booking"),
    path("<int:booking_id>/act/", views.act, name="act"),
    path("<int:booking_id>/move/", views.move, name="move"),
    path("<int:booking_id>/cancel/", views.cancel, name="cancel"),
]
register(
    Entry(_("Appointments"), "bookings:list", "calendar-event", policy.COMING_IN, 40, Section.HALL),
)
panel.open_panel()
