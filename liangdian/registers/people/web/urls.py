"""Addresses of the residents' register. No number of a person ever stands in one."""

from django.urls import path

from liangdian.registers.people.web import views

app_name = "people"
urlpatterns = [
    path("", views.residents, name="list"),
    path("new/", views.new, name="new"),
    path("<int:resident_id>/", views.resident, name="detail"),
    path("<int:resident_id>/edit/", views.edit, name="edit"),
    path("<int:resident_id>/reveal/", views.reveal, name="reveal"),
    path("<int:resident_id>/looks/", views.looks, name="looks"),
    path("<int:resident_id>/household/", views.household, name="household"),
]
