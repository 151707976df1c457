"""What lower rooms tell: a document turned out to be infected."""

from __future__ import annotations

from django.dispatch import receiver

from liangdian.platform.documents.events import Infected, infected
from liangdian.platform.jobs.services import enqueue

WITHDRAW_INFECTED = "casework.withdraw_infected"


@receiver(infected, dispatch_uid="casework.infected")
def on_infected(event: Infected, **kwargs: object) -> None:
    """By a job, because whoever attaches a document locks the case first and its content second."""
    enqueue(WITHDRAW_INFECTED, document_ids=list(event.document_ids))
