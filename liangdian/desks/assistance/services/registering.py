"""A household in need comes to the desk: it applies, or it is found on a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services import Intake, register
from liangdian.casework.states import Channel, Kind
from liangdian.desks.assistance.models import Help
from liangdian.desks.assistance.services.record import note
from liangdian.desks.assistance.states import Source
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid

MOST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class HelpIntake:
    """A household that needs help; who speaks for it becomes the resident of the case."""

    unit_id: int
    words: str
    resident_name: str
    people: int
    phone: str = ""
    address: str = ""
    source: str = Source.APPLICATION
    channel: str = Channel.WINDOW
    first_handler_id: int = 0
    language: str = "zh-hans"
    submission_key: str | None = None


@transaction.atomic
def register_help(*, actor: Actor, intake: HelpIntake, at: datetime) -> Case:
    """Register a household in need; it is asked for its consent next.

    A second press with the same key gives the same case. Raises Invalid (with the field), NotAllowed.
    """
    if intake.source not in Source.values:
        raise Invalid(_("Choose how the household came to the desk."), field="source")
    if not 1 <= intake.people <= MOST_PEOPLE:
        raise Invalid(_("Please type how many people live in the household."), field="people")
    if not intake.resident_name.strip():
        raise Invalid(_("Please type the name of who speaks for the household."), field="resident_name")
    channel = Channel.VISIT if intake.source == Source.VISIT else intake.channel
    case = register(
        actor=actor,
        intake=Intake(
            kind=Kind.LIVELIHOOD, channel=channel, unit_id=intake.unit_id, words=intake.words,
            first_handler_id=intake.first_handler_id or actor.user_id or 0, phone=intake.phone,
            resident_name=intake.resident_name, address=intake.address, language=intake.language,
            submission_key=intake.submission_key,
        ),
        at=at,
    )  # fmt: skip
    if Help.objects.filter(pk=case.pk).exists():
        return case
    help = Help.objects.create(case=case, source=intake.source, people=intake.people, registered_at=at)
    data: dict[str, object] = {"source": str(intake.source), "people": intake.people}
    note(case, help, "registered", actor=actor, at=at, data=data)
    return case
