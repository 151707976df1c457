"""Addresses for the person with a slip; the secret is the address."""

from django.urls import path

from liangdian.desks.hall.web import place

app_name = "place"
urlpatterns = [
    path("<slug:token>/", place.place, name="place"),
    path("<slug:token>/state/", place.state, name="state"),
    path("<slug:token>/<str:act>/", place.act, name="act"),
]
