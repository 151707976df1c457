"""What lower rooms tell: a document turned out to be infected, the calendar of a year was published."""

from __future__ import annotations

from django.dispatch import receiver

from liangdian.platform.documents.events import Infected, infected
from liangdian.platform.jobs.services import enqueue
from liangdian.registers.calendar.events import YearLoaded, year_loaded

RECOUNT = "casework.recount_promises"
WITHDRAW_INFECTED = "casework.withdraw_infected"


@receiver(infected, dispatch_uid="casework.infected")
def on_infected(event: Infected, **kwargs: object) -> None:
    """By a job, because whoever attaches a document locks the case first and its content second."""
    enqueue(WITHDRAW_INFECTED, document_ids=list(event.document_ids))


@receiver(year_loaded, dispatch_uid="casework.year_loaded")
def on_year_loaded(event: YearLoaded, **kwargs: object) -> None:
    """Provisional promises that reach into the year are counted again in the background."""
    enqueue(RECOUNT, key=f"{RECOUNT}:{event.year}:{event.version}", year=event.year)
