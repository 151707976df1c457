"""Addresses of the figures."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from liangdian.insight.web import views
from liangdian.platform.ui.navigation import Entry, Section, register

app_name = "insight"
urlpatterns = [path("", views.figures, name="figures")]
register(Entry(_("Figures"), "insight:figures", "chart-bar", views.READERS, 10, Section.OVERVIEW))
