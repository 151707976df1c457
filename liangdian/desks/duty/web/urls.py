from django.urls import path

from liangdian.desks.duty.web import (
    absence_views,
    planning_views,
    presence_views,
    roster_views,
    sheet_views,
    sign_views,
)

app_name = "duty"
urlpatterns = [
    path("", sign_views.mine, name="mine"),
    path("sign/", sign_views.sign, name="sign"),
    path("here/<str:code>/", sign_views.here, name="here"),
    path("screen/<slug:token>/", sign_views.screen, name="screen"),
    path("screens/new/", sign_views.make_screen, name="make_screen"),
    path("screens/<int:screen_id>/revoke/", sign_views.revoke_screen, name="revoke_screen"),
    path("today/", presence_views.today, name="today"),
    path("today/call/", presence_views.call_roll, name="call_roll"),
    path("corrections/", presence_views.corrections, name="corrections"),
    path("corrections/new/", presence_views.ask_correction, name="ask_correction"),
    path("corrections/<int:correction_id>/", presence_views.decide_correction, name="decide_correction"),
    path("leave/", absence_views.leave, name="leave"),
    path("leave/<int:leave_id>/", absence_views.decide_leave, name="decide_leave"),
    path("leave/<int:leave_id>/withdraw/", absence_views.withdraw_leave, name="withdraw_leave"),
    path("closures/", absence_views.closures, name="closures"),
    path("closures/<int:closure_id>/end/", absence_views.end_closure, name="end_closure"),
    path("sheet/", sheet_views.sheet, name="sheet"),
    path("sheet/make/", sheet_views.make, name="make_sheet"),
    path("sheet/<int:sheet_id>/", sheet_views.decide, name="decide_sheet"),
    path("sheet/<int:sheet_id>/<str:part>.xlsx", sheet_views.export, name="export_sheet"),
    path("allowances/", sheet_views.allowances, name="allowances"),
    path("roster/", roster_views.roster, name="roster"),
    path("roster/plan/", roster_views.plan, name="plan"),
    path("shifts/new/", roster_views.new_shift, name="new_shift"),
    path("shifts/<int:shift_id>/", roster_views.shift, name="shift"),
    path("shifts/<int:shift_id>/off/", roster_views.take_off, name="take_off"),
    path("pattern/", planning_views.pattern, name="pattern"),
    path("pattern/end/", planning_views.end_pattern, name="end_pattern"),
    path("windows/", planning_views.windows, name="windows"),
    path("windows/<int:window_id>/", planning_views.hours, name="hours"),
]
