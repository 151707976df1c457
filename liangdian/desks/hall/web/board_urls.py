"""Addresses of the board on the wall."""

from django.urls import path

from liangdian.desks.hall.web import board_views

app_name = "board"
urlpatterns = [
    path("", board_views.page, name="page"),
    path("state.json", board_views.state, name="state"),
]
