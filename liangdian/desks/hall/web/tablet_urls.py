"""Addresses of the rating tablet."""

from django.urls import path

from liangdian.desks.hall.web import tablet

app_name = "tablet"
urlpatterns = [path("", tablet.page, name="page"), path("state/", tablet.state, name="state")]
