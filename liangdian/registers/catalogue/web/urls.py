"""Addresses of the catalogue for staff."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.navigation import Entry, Section, register
from liangdian.registers.catalogue.web import views

app_name = "catalogue"
# The code comes last: codes of imported items may hold a slash.
urlpatterns = [
    path("", views.items, name="list"),
    path("new/", views.new_item, name="new"),
    path("items/<path:code>/", views.item, name="item"),
    path("versions/<int:number>/<path:code>/", views.item, name="version"),
    path("publish/<path:code>/", views.new_version, name="publish"),
    path("retire/<path:code>/", views.retire, name="retire"),
]
register(Entry(_("Service items"), "catalogue:list", "list-details", order=40, section=Section.REGISTERS))
