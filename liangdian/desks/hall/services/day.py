"""What the clock does: ends the day before, and learns how long things take."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from liangdian.desks.hall.models import Hall, Visit, VisitItem
from liangdian.desks.hall.services.record import Told, moved, save_item
from liangdian.desks.hall.services.windows import close_old
from liangdian.desks.hall.states import LIVE, EventKind, State
from liangdian.foundation.clock import business_date

PACE_DAYS = 28
PACE_AT_LEAST = 10
_PIECE = 500
_PACE = """
INSERT INTO hall_pace (hall_id, key, quick, usual, slow, count, at)
SELECT hall_id, key, p[1], p[2], p[3], n, %(at)s FROM (
    SELECT hall_id, key, count(*) AS n,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY seconds) AS p
    FROM (
        SELECT s.hall_id, i.category, i.category || '/' || c.code AS item,
               sum(extract(epoch FROM s.until - s.at)) AS seconds
        FROM (
            SELECT hall_id, item_id, kind, at, lead(at) OVER (PARTITION BY item_id ORDER BY seq) AS until
            FROM hall_segment WHERE hall_id = %(hall)s AND day >= %(since)s
        ) s
        JOIN hall_visititem i ON i.id = s.item_id AND i.state = 'served'
        LEFT JOIN catalogue_itemversion v ON v.id = i.item_version_id
        LEFT JOIN catalogue_item c ON c.id = v.item_id
        WHERE s.kind = 'serving' AND s.until IS NOT NULL
        GROUP BY s.hall_id, s.item_id, i.category, c.code
    ) services
    CROSS JOIN LATERAL (VALUES (category), (item)) AS keys (key)
    WHERE key IS NOT NULL
    GROUP BY hall_id, key HAVING count(*) >= %(least)s
) paces
ON CONFLICT (hall_id, key) DO UPDATE SET quick = excluded.quick, usual = excluded.usual, slow = excluded.slow,
    count = excluded.count, at = excluded.at
"""


def end_days(*, at: datetime) -> int:
    """Close what is left of earlier business dates: closed by the system, never as served. Returns how many.

    What was to come after somebody left is left, too. Idempotent; several workers may run it.
    """
    today, closed = business_date(at), 0
    halls = VisitItem.objects.filter(day__lt=today, state__in=LIVE).values_list("hall_id", flat=True)
    for hall_id in sorted(set(halls.order_by().distinct())):
        closed += _end_day(hall_id, at)
    for hall_id in Hall.objects.values_list("pk", flat=True).order_by("pk"):
        with transaction.atomic():
            close_old(hall_id=hall_id, at=at)
    return closed


@transaction.atomic
def _end_day(hall_id: int, at: datetime) -> int:
    rows = VisitItem.objects.select_for_update(of=("self",), skip_locked=True).select_related("visit")
    items = list(rows.filter(hall=hall_id, day__lt=business_date(at), state__in=LIVE).order_by("pk")[:_PIECE])
    told = Told(hall_id)
    left = set(
        VisitItem.objects.filter(visit__in=[item.visit_id for item in items], state=State.LEFT).values_list(
            "visit_id", flat=True
        )
    )
    for item in items:
        window = item.window_id
        to = State.LEFT if item.state == State.PLANNED and item.visit_id in left else State.CLOSED
        moved(item, to, told=told, at=at, window_id=window)
        save_item(item)
        told.event(EventKind.CLOSED, at=at, item=item, window_id=window)
    ended = {item.visit_id for item in items}
    Visit.objects.filter(pk__in=ended, ended_at__isnull=True).update(ended_at=at)
    if items:
        told.write()
    return len(items)


def learn_paces(*, at: datetime) -> None:
    """Percentiles of the service times of the last four weeks, by category and item, of every hall."""
    since = business_date(at) - timedelta(days=PACE_DAYS)
    for hall_id in Hall.objects.filter(active=True).values_list("pk", flat=True).order_by("pk"):
        with connection.cursor() as cursor:
            cursor.execute(_PACE, {"at": at, "hall": hall_id, "since": since, "least": PACE_AT_LEAST})
