"""Posts, who holds them, and who stands in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import policy
from liangdian.registers.organisation.models import Post, PostHolding, StandIn, Unit
from liangdian.registers.organisation.services.tree import clean_names, save_checked
from liangdian.registers.organisation.wording import NO_SUCH_POST


@transaction.atomic
def create_post(
    *, actor: Actor, unit: Unit, name: str, at: datetime, names: Mapping[str, str] | None = None
) -> Post:
    """A new post in ``unit``. A second post of the same name there is refused."""
    policy.require_change(actor, unit.path)
    post = Post(unit=unit, name=clean(name), names=clean_names(names))
    save_checked(post)
    audit.record(actor, "post_created", "organisation.post", post.pk, post.name, at)
    return post


@transaction.atomic
def update_post(
    *,
    actor: Actor,
    post_id: int,
    name: str,
    at: datetime,
    names: Mapping[str, str] | None = None,
    active: bool = True,
) -> Post:
    """Rename a post or take it out of use."""
    post = _locked_post(post_id)
    policy.require_change(actor, post.unit.path)
    post.name, post.names, post.active = clean(name), clean_names(names), active
    save_checked(post)
    audit.record(actor, "post_changed", "organisation.post", post.pk, post.name, at)
    return post


@transaction.atomic
def appoint(*, actor: Actor, post_id: int, user_id: int, since: date, at: datetime) -> PostHolding:
    """Let a person hold a post from ``since`` on; several people may share one post."""
    post = _locked_post(post_id)
    policy.require_change(actor, post.unit.path)
    user = accounts.user_by_id(user_id)
    if not post.active or not user.is_active:
        raise Invalid(_("This post or this person is no longer in use. Please choose another."), field="user")
    if PostHolding.objects.filter(post=post, user=user, until__isnull=True).exists():
        raise Invalid(_("This person already holds the post."), field="user")
    holding = PostHolding.objects.create(post=post, user=user, since=since)
    audit.record(actor, "post_filled", "organisation.post", post.pk, user.name, at)
    return holding


@transaction.atomic
def relieve(*, actor: Actor, holding_id: int, on: date, at: datetime) -> PostHolding:
    """End a holding: from the day ``on`` the person no longer holds the post."""
    holding = (
        PostHolding.objects.select_for_update(of=("self",))
        .select_related("post__unit", "user")
        .filter(pk=holding_id)
        .first()
    )
    if holding is None:
        raise NotFound(NO_SUCH_POST)
    policy.require_change(actor, holding.post.unit.path)
    if holding.until is None:
        holding.until = max(on, holding.since)
        holding.save(update_fields=["until"])
        audit.record(actor, "post_left", "organisation.post", holding.post_id, holding.user.name, at)
    return holding


@transaction.atomic
def name_stand_in(
    *, actor: Actor, user_id: int, stand_in_id: int, since: date, last_day: date, at: datetime
) -> StandIn:
    """Let ``stand_in_id`` do the work of ``user_id`` from ``since`` to ``last_day``, both included."""
    user, other = accounts.user_by_id(user_id), accounts.user_by_id(stand_in_id)
    policy.require_arrange_stand_in(actor, user.pk, _path_of(user.unit_id))
    if user.pk == other.pk:
        raise Invalid(_("Nobody can stand in for himself. Please choose somebody else."), field="stand_in")
    if not other.is_active:
        raise Invalid(_("This account is closed. Please choose somebody else."), field="stand_in")
    if last_day < since:
        raise Invalid(
            _("The last day lies before the first one. Please correct the dates."), field="last_day"
        )
    row = StandIn.objects.create(user=user, stand_in=other, since=since, until=last_day + timedelta(days=1))
    audit.record(actor, "stand_in_named", "accounts.user", user.pk, other.name, at)
    return row


@transaction.atomic
def end_stand_in(*, actor: Actor, stand_in_id: int, on: date, at: datetime) -> StandIn:
    """End an arrangement early: from the day ``on`` it no longer counts."""
    row = (
        StandIn.objects.select_for_update(of=("self",)).select_related("user").filter(pk=stand_in_id).first()
    )
    if row is None:
        raise NotFound(_("This arrangement is no longer in the list. Please open the page again."))
    policy.require_arrange_stand_in(actor, row.user_id, _path_of(row.user.unit_id))
    if row.until > on:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
        audit.record(actor, "stand_in_ended", "accounts.user", row.user_id, "", at)
    return row


def _path_of(unit_id: int | None) -> str | None:
    return Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() if unit_id else None


def _locked_post(post_id: int) -> Post:
    post = Post.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=post_id).first()
    if post is None:
        raise NotFound(NO_SUCH_POST)
    return post
