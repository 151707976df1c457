"""Addresses of the machines: where one types its code, and where they are made ready and revoked."""

from django.urls import path

from liangdian.desks.hall.web import device_views

app_name = "devices"
urlpatterns = [
    path("", device_views.enrol, name="enrol"),
    path("all/", device_views.listed, name="list"),
    path("<int:hall_id>/new/", device_views.new, name="new"),
    path("<int:device_id>/revoke/", device_views.revoke, name="revoke"),
]
