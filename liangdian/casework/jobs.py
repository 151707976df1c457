"""What the clock starts by itself: the sweep of casework, every minute."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from liangdian.casework import services
from liangdian.casework.services import calendar_year, messages, notices
from liangdian.casework.subscribers import RECOUNT, WITHDRAW_INFECTED
from liangdian.platform.jobs.registry import every_minute, job


@every_minute("casework.sweep")
def sweep_cases(at: datetime) -> None:
    """Warn, escalate and close what is due at ``at``."""
    services.sweep(at=at)


@every_minute("casework.remind_to_rate")
def remind_to_rate(at: datetime) -> None:
    """Ask those once more whose time to rate runs out in a day."""
    messages.remind_to_rate(at=at)


@every_minute("casework.give_back")
def give_back(at: datetime) -> None:
    """What a stand-in had for a time goes back when the last day is over."""
    services.give_back_due(at=at)


@job(WITHDRAW_INFECTED)
def withdraw_infected(*, document_ids: list[int]) -> None:
    """Take documents in which a virus was found out of their cases."""
    services.withdraw_infected(document_ids=document_ids, at=datetime.now(UTC))


@job(notices.PRINT_JOB)
def set_notice(notice_id: int) -> None:
    """Set the pages of a notice, once."""
    notices.set_notice(notice_id=notice_id, at=timezone.now())


@job(RECOUNT)
def recount_promises(*, year: int) -> None:
    """Count the provisional promises that reach into a published year again."""
    calendar_year.recount_promises(year=year, at=timezone.now())
