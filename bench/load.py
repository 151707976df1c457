"""100,000 open cases, multiplied from one that the product itself registered."""

from __future__ import annotations

from django.db import connection

_COLUMNS = (
    "kind, channel, state, title, item_version_id, resident_id, origin_id, unit_id, first_handler_id, "
    "handler_id, about_user_id, closed_by_id, urgent, returned, no_superior, level, round, ending, "
    "first_contact_at, resolved_at, closed_at, alarms_done, last_seq, last_hash"
)
_CASES = f"""
INSERT INTO casework_case (reference, registered_at, due_at, next_due_at, {_COLUMNS})
SELECT 'XX-2026-' || lpad(n::text, 6, '0'), registered_at - n * interval '5 minutes',
       due_at + n * interval '7 minutes', next_due_at + n * interval '7 minutes', {_COLUMNS}
FROM casework_case, generate_series(1, %s) n WHERE id = %s
"""
_REST = (
    """INSERT INTO casework_casedetail (case_id, words, place, language, link_digest)
       SELECT c.id, d.words || c.id, d.place, d.language, md5(c.id::text)
       FROM casework_case c, casework_casedetail d WHERE d.case_id = %(id)s AND c.reference LIKE 'XX-%%'""",
    """INSERT INTO casework_promise (case_id, seq, round, reason, rule_code, rule_version, calendar_version,
           amount, unit, start_at, due_at, due_day, provisional, made_at)
       SELECT c.id, p.seq, p.round, p.reason, p.rule_code, p.rule_version, p.calendar_version, p.amount,
           p.unit, p.start_at, c.due_at, p.due_day, p.provisional, p.made_at
       FROM casework_case c, casework_promise p WHERE p.case_id = %(id)s AND c.reference LIKE 'XX-%%'""",
    """INSERT INTO casework_event (case_id, seq, type, at, actor_id, actor_name, data, public, previous, hash)
       SELECT c.id, e.seq, e.type, e.at, e.actor_id, e.actor_name, e.data, e.public, e.previous, e.hash
       FROM casework_case c, casework_event e WHERE e.case_id = %(id)s AND c.reference LIKE 'XX-%%'""",
    """INSERT INTO casework_casesearch (case_id, vector)
       SELECT c.id, s.vector || to_tsvector('simple', c.id::text)
       FROM casework_case c, casework_casesearch s WHERE s.case_id = %(id)s AND c.reference LIKE 'XX-%%'""",
)


def multiply(*, case_id: int, times: int) -> None:
    """Copy one case ``times`` times with everything that belongs to it (the chains are not valid)."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [times, case_id])
        for statement in _REST:
            cursor.execute(statement, {"id": case_id})
        cursor.execute("ANALYZE")
