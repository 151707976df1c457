"""The law of petitions, pure: limits with their articles, and what must be refused.

Articles are those of the Regulations on Petition Work (信访工作条例, 2022). Days are calendar days unless
they are called working days; (m) marks a limit that comes from practice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.rules import DefaultLimit, WrongState
from liangdian.desks.petitions.states import NEXT, Ground, Instance, Route, Sort, Step, Way
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.foundation.limits import Due, Limit, LimitUnit
from liangdian.foundation.refused import Invalid
from liangdian.foundation.workdays import Days, due_of

MOST_REPRESENTATIVES = 5  # Art. 20
DAYS, WORKING = LimitUnit.CALENDAR_DAYS, LimitUnit.WORKING_DAYS

PROMISE, NOTICE, OBJECTION = "promise.petition", "petitions.notice", "petitions.objection"
ANSWER, EXTENSION = "petitions.answer", "petitions.extension"
SIMPLY, ACCEPT_SIMPLY = "petitions.simply", "petitions.accept_simply"
REVIEW, REREVIEW = "petitions.review", "petitions.rereview"

LIMITS = (
    DefaultLimit(PROMISE, 15, DAYS, "Petition Regulations Art. 22 and 23"),
    DefaultLimit(NOTICE, 15, DAYS, "Petition Regulations Art. 23"),
    DefaultLimit(OBJECTION, 5, WORKING, "Petition Regulations Art. 23"),
    DefaultLimit(ANSWER, 60, DAYS, "Petition Regulations Art. 34"),
    DefaultLimit(EXTENSION, 30, DAYS, "Petition Regulations Art. 34"),
    DefaultLimit(SIMPLY, 10, WORKING, "Rules of simplified handling"),
    DefaultLimit(ACCEPT_SIMPLY, 3, WORKING, "Practice of simplified handling (local)"),
    DefaultLimit(REVIEW, 30, DAYS, "Petition Regulations Art. 35"),
    DefaultLimit(REREVIEW, 30, DAYS, "Petition Regulations Art. 36"),
)
# A local rule may be shorter, never longer.
LAW_MOST = {limit.code: Limit(limit.amount, limit.unit) for limit in LIMITS if limit.code != ACCEPT_SIMPLY}

# A right of the petitioner, so no setting shortens it (Art. 35 and 36).
TO_ASK_FOR_REVIEW = Limit(30, DAYS)
# What the law gives for the answer with and without the extension (Art. 34).
ANSWER_BY_LAW = LAW_MOST[ANSWER]
EXTENDED_BY_LAW = Limit(LAW_MOST[ANSWER].amount + LAW_MOST[EXTENSION].amount, DAYS)

OF_INSTANCE = {Instance.REVIEW: REVIEW, Instance.REREVIEW: REREVIEW}


def check_step(step: str, target: Step) -> None:
    """Refuse a move that the table of steps does not contain. Raises WrongState."""
    if target not in NEXT[Step(step)]:
        raise WrongState(
            _("This cannot be done while the petition is at “%(step)s”. Reload to see where it stands.")
            % {"step": Step(step).label}
        )


def answer_rule(*, simplified: bool) -> str:
    """The rule of the time for the answer after acceptance: 60 days (Art. 34), simplified 10 working days."""
    return SIMPLY if simplified else ANSWER


def prolonged(limit: Limit, days: int, *, most: int) -> Limit:
    """The limit from acceptance with the extension of ``days`` (Art. 34).

    Raises Invalid beyond ``most``, and beyond the 30 days of the law whatever a setting says.
    """
    most = min(most, LAW_MOST[EXTENSION].amount)
    if not 1 <= days <= most:
        raise Invalid(_("An extension has 1 to %(most)s days (Art. 34).") % {"most": most}, field="days")
    return Limit(limit.amount + days, limit.unit)


def check_extendable(*, sort: str, route: str, simplified: bool) -> None:
    """Only requests that end in a written opinion are extended (Art. 34 and 31 (6)). Raises WrongState."""
    if sort != Sort.REQUEST or route != Route.OPINION or simplified:
        raise WrongState(
            _("Only a request that ends in a written opinion can be extended (Art. 34). Answer it in time.")
        )


def ends_in_opinion(*, sort: str, route: str, instance: str) -> bool:
    """True for requests of the sixth route and for every review (Art. 31 (6), 35, 36)."""
    return instance != Instance.HANDLING or (sort == Sort.REQUEST and route == Route.OPINION)


def review_until(answered: datetime, days: Days) -> Due:
    """The end of the 30 days in which a review of the opinion can be asked for (Art. 35 and 36)."""
    return due_of(TO_ASK_FOR_REVIEW, answered, days, HALL_ZONE)


def check_review(*, step: str, instance: str, until: date | None, at: datetime) -> Instance:
    """The instance that a request for review opens. Raises WrongState.

    Against an opinion within 30 days; after the re-review there is nothing more (Art. 36).
    """
    if step == Step.FINAL:
        raise WrongState(_("The re-review was the last instance; the same facts are not taken up again."))
    if step != Step.OPINION or until is None:
        raise WrongState(_("Only against a written opinion can a review be asked for, and only once."))
    if business_date(at) > until:
        raise WrongState(
            _("The 30 days in which a review can be asked for ended on %(day)s (Art. 35).")
            % {"day": until.isoformat()}
        )
    return Instance.REREVIEW if instance == Instance.REVIEW else Instance.REVIEW


def check_spoken(*, oral: bool, read_back: bool) -> None:
    """What was said is written down as it was said, read back and confirmed (Art. 19). Raises Invalid."""
    if oral and not read_back:
        raise Invalid(
            _("Read back what you wrote down, let the petitioner confirm it, then tick this (Art. 19)."),
            field="read_back",
        )


def check_group(*, way: str, people: int, representatives: int) -> None:
    """A group that visits names one to five representatives (Art. 20). Raises Invalid."""
    if representatives > MOST_REPRESENTATIVES:
        raise Invalid(
            _("A group has at most %(most)s representatives (Art. 20).") % {"most": MOST_REPRESENTATIVES},
            field="representatives",
        )
    if representatives > people:
        raise Invalid(_("There cannot be more representatives than petitioners."), field="people")
    if way == Way.VISIT and people > MOST_REPRESENTATIVES and not representatives:
        raise Invalid(
            _("A group that visits names one to five representatives (Art. 20)."), field="representatives"
        )


def check_route(*, sort: str, route: str) -> None:
    """A request has one of the six routes, the other classes have none (Art. 31). Raises Invalid."""
    if sort == Sort.REQUEST and route not in Route.values:
        raise Invalid(_("Choose the route of the request (Art. 31)."), field="route")
    if sort != Sort.REQUEST and route:
        raise Invalid(_("Only a request for a decision has a route. Clear this field."), field="route")


def check_ground(ground: str, *, where: str) -> None:
    """Whoever is not accepted learns why and who is responsible (Art. 19, 23). Raises Invalid."""
    if ground not in Ground.values:
        raise Invalid(_("Choose why it is not accepted."), field="ground")
    if ground != Ground.FINAL and not where:
        raise Invalid(_("Write which body has it or is responsible for it."), field="where")


def is_within(path: str, containing: Iterable[str]) -> bool:
    """True when the unit at ``path`` is one of the units at ``containing`` or lies below one."""
    return any(path.startswith(each) for each in containing)
