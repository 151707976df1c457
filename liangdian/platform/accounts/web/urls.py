from django.urls import path

from liangdian.platform.accounts.web import (
    kept,
    leaving_views,
    mapping_views,
    second_factor_views,
    session_views,
    token_views,
    views,
)

app_name = "accounts"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("tokens/", token_views.mine, name="tokens"),
    path("tokens/<int:token_id>/revoke/", token_views.revoke, name="revoke-token"),
    path("staff/", views.members, name="members"),
    path("staff/new/", views.new_member, name="new"),
    path("staff/<int:user_id>/", views.member, name="member"),
    path("staff/<int:user_id>/roles/", views.grant, name="grant"),
    path("staff/<int:user_id>/password/", views.reset_password, name="reset"),
    path("staff/<int:user_id>/factors/remove/", second_factor_views.remove_factors, name="remove-factors"),
    path("second-factor/roles/", second_factor_views.required_roles, name="required-roles"),
    path("staff/<int:user_id>/move/", leaving_views.move, name="move"),
    path("staff/<int:user_id>/leave/", leaving_views.leave, name="leave"),
    path("continue/", kept.carry_on, name="continue"),
    path("stay/", session_views.stay, name="stay"),
    path("sign-ins/", session_views.sessions, name="sessions"),
    path("sign-ins/<int:session_id>/end/", session_views.end_one, name="end-session"),
    path("sign-ins/others/end/", session_views.end_others, name="end-other-sessions"),
    path("staff/<int:user_id>/sign-ins/end/", session_views.end_all_of, name="end-all-sessions"),
    path("groups/", mapping_views.mappings, name="mappings"),
    path("groups/<int:mapping_id>/end/", mapping_views.end_mapping, name="end-mapping"),
    path("roles/<int:grant_id>/end/", views.revoke, name="revoke"),
]
