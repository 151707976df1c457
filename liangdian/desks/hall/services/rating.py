"""What the resident says of his visit; it counts for the matters that were answered in it, too."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import services as casework
from liangdian.casework.links import rating_token
from liangdian.desks.hall import rules
from liangdian.desks.hall.models import Visit, VisitRating
from liangdian.desks.hall.services.record import Told
from liangdian.desks.hall.states import EventKind, Grade, RatedBy, State
from liangdian.desks.hall.wording import NO_SUCH_PLACE
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.foundation.tokens import digest

COMMENT_LIMIT = 2000


def rate_by_place(*, token: str, grade: str, comment: str, at: datetime) -> VisitRating:
    """Rate with the secret of the slip. Raises NotFound, WrongState, Invalid."""
    visit_id = Visit.objects.filter(place_digest=digest(token)).values_list("pk", flat=True).first()
    if visit_id is None:
        raise NotFound(NO_SUCH_PLACE)
    return rate(visit_id=visit_id, grade=grade, comment=comment, source=RatedBy.PLACE, at=at)


def rate(*, visit_id: int, grade: str, comment: str, source: str, at: datetime) -> VisitRating:
    """One rating a visit (rules §4), once something of it was served; said by the resident himself.

    A matter answered in this visit takes the same rating: satisfied closes it, a bad one reopens it.
    """
    if grade not in Grade.values:
        raise Invalid(_("Choose one of the five grades."), field="grade")
    comment = clean(comment)
    if len(comment) > COMMENT_LIMIT:
        raise Invalid(
            _("The comment has %(n)s characters; %(limit)s fit.")
            % {"n": len(comment), "limit": COMMENT_LIMIT},
            field="comment",
        )
    try:
        with transaction.atomic():
            return _rate(visit_id=visit_id, grade=grade, comment=comment, source=source, at=at)
    except IntegrityError as twice:
        raise rules.WrongState(_RATED) from twice


_RATED = _("This visit has been rated. Thank you.")


def _rate(*, visit_id: int, grade: str, comment: str, source: str, at: datetime) -> VisitRating:
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    if VisitRating.objects.filter(visit=visit).exists():
        raise rules.WrongState(_RATED)
    served = list(visit.items.filter(state=State.SERVED).select_related("case", "visit").order_by("seq"))
    if not served:
        raise rules.WrongState(_("You can rate the visit as soon as you have been served."))
    last = served[-1]
    rating = VisitRating.objects.create(
        visit=visit, grade=grade, comment=comment, source=source, window_id=last.window_id,
        user_id=last.user_id, at=at,
    )  # fmt: skip
    for item in served:
        if item.case is not None and item.case.state == "resolved":
            casework.rate_by_link(
                token=rating_token(item.case.reference, item.case.round), grade=grade, comment=comment, at=at
            )
    told = Told(visit.hall_id)
    told.event(EventKind.RATED, at=at, item=last, window_id=last.window_id)
    told.write()
    return rating
