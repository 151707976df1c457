"""Who and where: colleagues and windows as a form names them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.selectors import User
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit, Window


def colleague(user_id: int, stand_in_id: int | None = None) -> tuple[User, User | None]:
    """The person and his stand-in, both with open accounts and not the same. Raises Invalid."""
    user = _active(user_id, "user")
    stand_in = _active(stand_in_id, "stand_in") if stand_in_id else None
    if stand_in is not None and stand_in.pk == user.pk:
        raise Invalid(_("Nobody can stand in for himself. Please choose somebody else."), field="stand_in")
    return user, stand_in


def _active(user_id: int, field: str) -> User:
    try:
        user = accounts.user_by_id(user_id)
    except NotFound as error:
        raise Invalid(_("Please choose somebody from the list."), field=field) from error
    if not user.is_active:
        raise Invalid(_("This account is closed. Please choose somebody else."), field=field)
    return user


def window_of(unit: Unit, window_id: int | None) -> Window | None:
    """The window, when it is one of this unit in use; None for duty in the hall itself. Raises Invalid."""
    if window_id is None:
        return None
    for window in organisation.windows_of(unit):
        if window.pk == window_id:
            return window
    raise Invalid(_("This window is not in use here. Please choose one from the list."), field="window")
