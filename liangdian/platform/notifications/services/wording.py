"""The words in force: those of an administrator, else those that the programme brings along."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.notifications import policy, selectors, templates
from liangdian.platform.notifications.models import MessageTemplate
from liangdian.platform.notifications.states import Channel
from liangdian.platform.notifications.templates import Wording
from liangdian.platform.ui.languages import is_offered


def in_force(*, kind: str, channel: str, language: str, at: datetime) -> MessageTemplate:
    """The version that is used now. Words of the programme are written down at their first use.

    Raises LookupError for a kind that no room registered.
    """
    newest = selectors.newest_version(kind=kind, channel=channel, language=language)
    if newest is not None and newest.edited:
        return newest
    default = templates.default_of(kind, channel, language)
    if newest is not None and Wording(newest.subject, newest.body) == default:
        return newest
    return _write(newest, kind, channel, language, default, edited=False, actor=None, at=at)


@transaction.atomic
def change_wording(
    *, actor: Actor, kind: str, channel: str, language: str, subject: str, body: str, seen: int, at: datetime
) -> MessageTemplate:
    """Put an administrator's words in force as a new version; the earlier ones stay readable.

    ``seen`` is the version that the form showed (0: none was written down yet).
    Raises NotAllowed, NotFound, Invalid (with the field) and Stale.
    """
    newest = _checked(actor, kind, channel, language, seen)
    wording = Wording(clean(subject), clean(body))
    templates.check(kind, channel, wording)
    if newest is not None and Wording(newest.subject, newest.body) == wording:
        raise Invalid(_("These are the words that are in force already."))
    made = _write(newest, kind, channel, language, wording, edited=True, actor=actor, at=at)
    audit_log.record(actor, "message_text_changed", "notifications.text", str(made)[:60], at=at)
    return made


@transaction.atomic
def back_to_default(
    *, actor: Actor, kind: str, channel: str, language: str, seen: int, at: datetime
) -> MessageTemplate:
    """Put the programme's own words in force again. Raises NotAllowed, NotFound, Invalid and Stale."""
    newest = _checked(actor, kind, channel, language, seen)
    if newest is None or not newest.edited:
        raise Invalid(_("The words of the programme are in force already."))
    default = templates.default_of(kind, channel, language)
    made = _write(newest, kind, channel, language, default, edited=False, actor=actor, at=at)
    audit_log.record(actor, "message_text_reset", "notifications.text", str(made)[:60], at=at)
    return made


def _checked(actor: Actor, kind: str, channel: str, language: str, seen: int) -> MessageTemplate | None:
    policy.require_administer(actor)
    if kind not in templates.known_kinds() or channel not in Channel.values or not is_offered(language):
        raise NotFound(_("There is no such text."))
    newest = selectors.newest_version(kind=kind, channel=channel, language=language)
    if seen != (newest.version if newest else 0):
        raise Stale(_("A colleague changed this text meanwhile. Compare, then save again."))
    return newest


def _write(
    newest: MessageTemplate | None, kind: str, channel: str, language: str, wording: Wording,
    *, edited: bool, actor: Actor | None, at: datetime,
) -> MessageTemplate:  # fmt: skip
    """The next version; when two write it at once, the first one holds."""
    version = newest.version + 1 if newest else 1
    made = MessageTemplate(
        kind=kind, channel=channel, language=language, version=version, subject=wording.subject,
        body=wording.body, edited=edited, made_at=at, made_by_id=actor.user_id if actor else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if actor is not None:
            raise Stale(_("A colleague changed this text meanwhile. Compare, then save again.")) from error
        return MessageTemplate.objects.get(kind=kind, channel=channel, language=language, version=version)
    return made
