"""Verbs on accounts and roles. Every one of them is told to the access log through ``events``."""

from liangdian.platform.accounts.services.accounts import (
    create_administrator,
    create_user,
    new_password,
    password_was_changed,
    set_language,
    set_password,
    update_user,
)
from liangdian.platform.accounts.services.factors import (
    choose_required_roles,
    remove_factors,
    tell_about_own_account,
)
from liangdian.platform.accounts.services.leaving import end_account, move_user
from liangdian.platform.accounts.services.mappings import apply_groups, map_group, unmap_group
from liangdian.platform.accounts.services.roles import grant_role, revoke_role, rewrite_paths
from liangdian.platform.accounts.services.sessions import end_other_sessions, end_session, end_sessions_of

__all__ = [
    "apply_groups",
    "choose_required_roles",
    "create_administrator",
    "create_user",
    "end_account",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "grant_role",
    "map_group",
    "move_user",
    "new_password",
    "password_was_changed",
    "remove_factors",
    "revoke_role",
    "rewrite_paths",
    "set_language",
    "set_password",
    "tell_about_own_account",
    "unmap_group",
    "update_user",
]
