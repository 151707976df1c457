"""Registering a petition: as it was said, with class, route and way, and who is complained about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case, Event
from liangdian.casework.services import Intake, register
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock
from liangdian.casework.services.record import chained, locked_case, save_with, worker
from liangdian.casework.states import Channel, Kind
from liangdian.desks.petitions import policy, rules
from liangdian.desks.petitions.models import Accused, Petition, Representative
from liangdian.desks.petitions.services.record import heads_of, notice_due
from liangdian.desks.petitions.services.reporting import report
from liangdian.desks.petitions.states import Instance, Label, Sort, Way
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.crypto import encrypt
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

CHANNELS = {
    Way.VISIT: Channel.WINDOW, Way.LETTER: Channel.LETTER, Way.PHONE: Channel.PHONE, Way.FAX: Channel.LETTER,
    Way.NETWORK: Channel.WEB,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Registration:
    """What the petition officer writes down. ``representatives`` are pairs of name and phone.

    ``about_user_ids`` and ``about_unit_ids``: who is complained about. ``unclear``: name or address is
    unclear, so no notice is due (Art. 23).
    """

    unit_id: int
    words: str
    sort: str
    way: str
    title: str = ""
    route: str = ""
    oral: bool = False
    read_back: bool = False
    people: int = 1
    representatives: tuple[tuple[str, str], ...] = ()
    resident_id: int | None = None
    resident_name: str = ""
    phone: str = ""
    address: str = ""
    unclear: bool = False
    simplified: bool = False
    major: bool = False
    about_user_ids: tuple[int, ...] = ()
    about_unit_ids: tuple[int, ...] = ()
    language: str = "zh-hans"
    submission_key: str | None = None


@transaction.atomic
def register_petition(*, actor: Actor, given: Registration, at: datetime) -> Case:
    """Register a petition; the actor becomes its first handler, the notice is due in 15 days (Art. 22, 23).

    Refused before anything is kept when it is about the actor or his unit. A second call with the same
    ``submission_key`` returns the case of the first. Raises Invalid and NotAllowed.
    """
    unit = organisation.unit_by_id(given.unit_id)
    policy.require_register(actor, path=unit.path)
    _check(given)
    about = _about(given)
    _require_no_part(actor, given, about)
    case = register(actor=actor, intake=_intake(given, worker(actor)), at=at)
    if Petition.objects.filter(pk=case.pk).exists():
        return case
    petition = Petition.objects.create(
        case_id=case.pk, sort=given.sort, route=given.route, way=given.way, oral=given.oral,
        read_back=given.oral and given.read_back, people=given.people, unclear=given.unclear,
        simplified=given.simplified, major=given.major, notice_due_at=notice_due(at),
    )  # fmt: skip
    _write_about(petition, given, about)
    _write_group(petition, given)
    _find_label(petition, case)
    return _begin(actor=actor, case_id=case.pk, petition=petition, at=at)


def _begin(*, actor: Actor, case_id: int, petition: Petition, at: datetime) -> Case:
    """The first line of the desk, the clock of the simplified way, the report of what is major."""
    case = locked_case(actor=actor, case_id=case_id, act=None)
    data: dict[str, object] = {
        "sort": petition.sort, "route": petition.route, "way": petition.way, "people": petition.people,
        "read_back": petition.read_back, "found": petition.found,
    }  # fmt: skip
    events: list[Event] = [
        chained(case, type="petitions.registered", actor=actor, at=at, data=data, public=False)
    ]
    if petition.simplified:
        due = limit_in_force(rules.ACCEPT_SIMPLY, at=at)
        start_clock(case, "petitions.accept_simply", at=at, due_at=due.at)
        refresh_clock(case, now=at)
    save_with(case, events, "next_due_at")
    if petition.major:
        report(case, actor=actor, text="", told=heads_of(case), at=at)
    return case


def _check(given: Registration) -> None:
    if given.sort not in Sort.values:
        raise Invalid(_("Choose what the petition asks for."), field="sort")
    if given.way not in Way.values:
        raise Invalid(_("Choose how the petition came."), field="way")
    if not 1 <= given.people <= 10_000:
        raise Invalid(_("Write how many petitioners there are."), field="people")
    rules.check_route(sort=given.sort, route=given.route)
    rules.check_spoken(oral=given.oral, read_back=given.read_back)
    rules.check_group(way=given.way, people=given.people, representatives=len(given.representatives))
    if not given.unclear and not (given.resident_id or clean(given.resident_name)):
        raise Invalid(
            _("Write the petitioner's name, or tick that name or address is unclear (Art. 23)."),
            field="resident_name",
        )


def _about(given: Registration) -> dict[int, Unit]:
    """The units complained about, by id. Raises NotFound for one that does not exist."""
    return {pk: organisation.unit_by_id(pk) for pk in dict.fromkeys(given.about_unit_ids)}


def _require_no_part(actor: Actor, given: Registration, about: dict[int, Unit]) -> None:
    """Nobody receives what is about himself or the unit he belongs to (Art. 28, 30). Raises NotAllowed."""
    paths = [unit.path for unit in about.values()]
    if actor.user_id in given.about_user_ids or any(
        rules.is_within(grant.path, paths) for grant in actor.grants
    ):
        raise NotAllowed(
            _(
                "You or your unit are complained about, so you cannot receive this petition and nothing was "
                "kept. Give the petitioner the address of the petition office above your unit (Art. 30)."
            )
        )


def _intake(given: Registration, officer: int) -> Intake:
    return Intake(
        kind=Kind.PETITION, channel=CHANNELS[Way(given.way)], unit_id=given.unit_id, words=given.words,
        first_handler_id=officer, title=given.title, resident_id=given.resident_id,
        resident_name=given.resident_name, phone=given.phone, address=given.address,
        about_user_id=given.about_user_ids[0] if given.about_user_ids else None, language=given.language,
        submission_key=given.submission_key,
    )  # fmt: skip


def _write_about(petition: Petition, given: Registration, about: dict[int, Unit]) -> None:
    """The people and units complained about, and the units to which these people belong."""
    rows = [Accused(petition=petition, unit_id=pk) for pk in about]
    through: dict[int, None] = {}
    for user_id in dict.fromkeys(given.about_user_ids):
        user = accounts.user_by_id(user_id)
        rows.append(Accused(petition=petition, user_id=user_id))
        units = {grant.unit_id for grant in accounts.actor_of(user).grants} | {user.unit_id}
        through |= dict.fromkeys(pk for pk in sorted(u for u in units if u) if pk not in about)
    rows += [Accused(petition=petition, unit_id=pk, through_user=True) for pk in through]
    Accused.objects.bulk_create(rows)


def _write_group(petition: Petition, given: Registration) -> None:
    Representative.objects.bulk_create(
        Representative(
            petition=petition, ordinal=number, name_sealed=encrypt(name),
            phone_sealed=encrypt(phone) if phone else "",
        )
        for number, (name, phone) in enumerate(given.representatives, start=1)
    )  # fmt: skip


def _find_label(petition: Petition, case: Case) -> None:
    """A petitioner who petitioned before: probably repeated. The officer decides; it is only a label."""
    if case.resident_id is None:
        return
    before = Petition.objects.filter(case__resident=case.resident_id, instance=Instance.HANDLING)
    earlier = before.exclude(pk=petition.pk).order_by("-case").first()
    if earlier is not None:
        petition.found, petition.earlier = Label.REPEATED, earlier
        petition.save(update_fields=["found", "earlier"])
