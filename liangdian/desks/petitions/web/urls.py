"""Addresses of the petition desk."""

from django.urls import path

from liangdian.desks.petitions.web import overviews, views

app_name = "petitions"
urlpatterns = [
    path("", views.petitions, name="list"),
    path("due/", overviews.due, name="due"),
    path("figures/", overviews.figures, name="figures"),
    path("new/", views.new, name="new"),
    path("<str:reference>/who/", views.who, name="who"),
]
