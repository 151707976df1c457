"""Addresses of the bell, and of the outbox for administrators."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role
from liangdian.platform.notifications import selectors
from liangdian.platform.notifications.web import outbox_views, text_views, views
from liangdian.platform.ui.navigation import Entry, Section, register

app_name = "notifications"
urlpatterns = [
    path("", views.bell, name="bell"),
    path("read/", views.read, name="read"),
    path("outbox/", outbox_views.outbox, name="outbox"),
    path("outbox/<int:message_id>/retry/", outbox_views.retry, name="retry"),
    path("sending/", outbox_views.sending, name="sending"),
    path("reports/", outbox_views.reports, name="reports"),
    path("texts/", text_views.texts, name="texts"),
    path("texts/<slug:kind>/<slug:channel>/<slug:language>/", text_views.text, name="text"),
]
register(
    Entry(_("Notices"), "notifications:bell", "bell", section=Section.BELL, count=selectors.unread_count),
    Entry(
        _("Messages to residents"), "notifications:outbox", "message", roles={Role.ADMINISTRATOR},
        order=40, section=Section.SETTINGS,
    ),
)  # fmt: skip
