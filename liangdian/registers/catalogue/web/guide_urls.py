"""Addresses of the guides for residents."""

from django.urls import path

from liangdian.registers.catalogue.web import guide_views

app_name = "guides"
urlpatterns = [
    path("", guide_views.guide_list, name="list"),
    path("<path:code>/", guide_views.guide, name="guide"),
]
