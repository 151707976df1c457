from django.urls import path

from liangdian.desks.duty.web import planning_views, roster_views

app_name = "duty"
urlpatterns = [
    path("roster/", roster_views.roster, name="roster"),
    path("roster/plan/", roster_views.plan, name="plan"),
    path("shifts/new/", roster_views.new_shift, name="new_shift"),
    path("shifts/<int:shift_id>/", roster_views.shift, name="shift"),
    path("shifts/<int:shift_id>/off/", roster_views.take_off, name="take_off"),
    path("pattern/", planning_views.pattern, name="pattern"),
    path("pattern/<int:pattern_id>/end/", planning_views.end_pattern, name="end_pattern"),
    path("windows/", planning_views.windows, name="windows"),
    path("windows/<int:window_id>/", planning_views.hours, name="hours"),
]
