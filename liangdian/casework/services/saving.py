"""Filters that a person keeps for himself: saved under a name, opened by themselves, thrown away."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.models import SavedFilter
from liangdian.casework.models.saved import MOST_SAVED
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.record import worker
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound, Stale
from liangdian.registers.people import selectors as people

_NO_SUCH = _("There is no such saved filter.")
_MEANWHILE = _("Your saved filters changed meanwhile. Look at them and try again.")


def save_filter(
    *, actor: Actor, name: str, worklist: Worklist, filters: Filters, opens: bool, at: datetime
) -> SavedFilter:
    """Keep a narrowed list under ``name``; with ``opens`` it is shown whenever the lists are opened.

    A phone or identity number is not kept (personal information protection law, Art. 6 and 19). Raises
    NotAllowed for who reads no matters, Invalid, and Stale when two are saved at the same moment.
    """
    policy.require_reader(actor)
    name = required_text(name, field="name", message=_("Give the filter a name."))
    if len(name) > 40:
        raise Invalid(_("At most %(n)s characters. Shorten the name.") % {"n": 40}, field="name")
    if people.is_whole_number(filters.text):
        raise Invalid(_("A phone or identity number is not saved. Take it out of the filter."))
    mine = SavedFilter.objects.filter(user=actor.user_id)
    kept = dict(mine.values_list("slot", "name"))
    if name in kept.values():
        raise Invalid(_("You have a filter of this name. Choose another name."), field="name")
    free = next((slot for slot in range(1, MOST_SAVED + 1) if slot not in kept), None)
    if free is None:
        raise Invalid(_("You have %(n)s saved filters. Delete one first.") % {"n": MOST_SAVED})
    try:
        with transaction.atomic():
            if opens:
                mine.filter(opens=True).update(opens=False)
            return SavedFilter.objects.create(
                user_id=worker(actor), name=name, slot=free, list=worklist.value, kind=filters.kind,
                channel=filters.channel, state=filters.state, text=filters.text, opens=opens,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale(_MEANWHILE) from error


def open_with(*, actor: Actor, filter_id: int, opens: bool, at: datetime) -> SavedFilter:
    """Let one of one's own filters open by itself, or no longer. Raises NotFound, Stale."""
    saved = _own(actor, filter_id)
    try:
        with transaction.atomic():
            if opens:
                SavedFilter.objects.filter(user=actor.user_id, opens=True).update(opens=False)
            saved.opens = opens
            saved.save(update_fields=["opens"])
    except IntegrityError as error:
        raise Stale(_MEANWHILE) from error
    return saved


def delete_filter(*, actor: Actor, filter_id: int, at: datetime) -> None:
    """Throw one of one's own filters away. Raises NotFound."""
    _own(actor, filter_id).delete()


def _own(actor: Actor, filter_id: int) -> SavedFilter:
    saved = SavedFilter.objects.filter(user=actor.user_id, pk=filter_id).first()
    if saved is None:
        raise NotFound(_NO_SUCH)
    return saved
