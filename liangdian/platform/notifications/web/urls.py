"""Addresses of the bell."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.platform.notifications import selectors
from liangdian.platform.notifications.web import views
from liangdian.platform.ui.navigation import Entry, Section, register

app_name = "notifications"
urlpatterns = [
    path("", views.bell, name="bell"),
    path("read/", views.read, name="read"),
]
register(
    Entry(_("Notices"), "notifications:bell", "bell", section=Section.BELL, count=selectors.unread_count)
)
