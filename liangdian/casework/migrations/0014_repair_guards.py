"""What the database refuses about bad ratings, and the two limits that older installations lack."""

from django.db import migrations

LIMITS = """
INSERT INTO casework_limitrule (code, version, amount, unit, source, region, valid_from)
    SELECT code, 1, amount, 'working_days', source, '', (SELECT min(valid_from) FROM casework_limitrule)
    FROM (VALUES ('repair.rating', 5, 'No national limit; editable default (rules §4)'),
                 ('repair.ledger', 60, 'Centre''s own maximum, editable')) AS added (code, amount, source)
    WHERE EXISTS (SELECT 1 FROM casework_limitrule)
ON CONFLICT DO NOTHING;
"""

REPAIR = """
CREATE FUNCTION casework_guard_repair() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE matter record; given record;
BEGIN
    SELECT handler_id, first_handler_id, about_user_id INTO matter FROM casework_case WHERE id = NEW.case_id;
    SELECT case_id, handler_id, grade, source INTO given FROM casework_rating WHERE id = NEW.rating_id;
    IF given.case_id <> NEW.case_id OR given.grade NOT IN ('1', '2')
       OR given.handler_id IS DISTINCT FROM NEW.rated_id THEN
        RAISE EXCEPTION 'a repair belongs to a bad rating of the same case' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.called_by_id IN (matter.first_handler_id, matter.about_user_id)
       OR (NEW.called_by_id = matter.handler_id AND (TG_OP = 'INSERT' OR OLD.called_by_id IS NULL)) THEN
        RAISE EXCEPTION 'nobody calls back about his own work' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (to_jsonb(NEW) - ARRAY['missed', 'called_at', 'called_by_id', 'way', 'way_text', 'way_by_id', 'until',
                               'ended_at', 'end'])
        <> (to_jsonb(OLD) - ARRAY['missed', 'called_at', 'called_by_id', 'way', 'way_text', 'way_by_id', 'until',
                                  'ended_at', 'end'])
        OR NEW.missed < OLD.missed OR OLD.ended_at IS NOT NULL
        OR (OLD.called_at IS NOT NULL AND (NEW.called_at, NEW.called_by_id)
            IS DISTINCT FROM (OLD.called_at, OLD.called_by_id))
        OR (OLD.way <> '' AND (NEW.way, NEW.way_text, NEW.way_by_id, NEW.until)
            IS DISTINCT FROM (OLD.way, OLD.way_text, OLD.way_by_id, OLD.until))) THEN
        RAISE EXCEPTION 'what was done about a bad rating is not changed afterwards'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_repair_guard BEFORE INSERT OR UPDATE ON casework_repair
    FOR EACH ROW EXECUTE FUNCTION casework_guard_repair();
"""

APPEAL = """
CREATE FUNCTION casework_guard_appeal() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE matter record;
BEGIN
    SELECT c.handler_id, c.first_handler_id, c.about_user_id, r.rated_id INTO matter
        FROM casework_repair r JOIN casework_case c ON c.id = r.case_id WHERE r.id = NEW.repair_id;
    IF NEW.by_id IS DISTINCT FROM matter.rated_id THEN
        RAISE EXCEPTION 'only the one who was rated appeals' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.excluded IS NOT NULL
        OR (NEW.repair_id, NEW.ground, NEW.reason, NEW.by_id, NEW.at)
           IS DISTINCT FROM (OLD.repair_id, OLD.ground, OLD.reason, OLD.by_id, OLD.at)) THEN
        RAISE EXCEPTION 'an appeal is decided once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.decided_by_id IN (matter.handler_id, matter.first_handler_id, matter.about_user_id) THEN
        RAISE EXCEPTION 'nobody decides about the rating of his own work' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_ratingappeal_guard BEFORE INSERT OR UPDATE ON casework_ratingappeal
    FOR EACH ROW EXECUTE FUNCTION casework_guard_appeal();
"""

ANSWER = """
CREATE FUNCTION casework_guard_answer() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM casework_repair WHERE case_id = NEW.case_id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'a bad rating is not put right yet' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_resolution_repaired BEFORE INSERT ON casework_resolution
    FOR EACH ROW EXECUTE FUNCTION casework_guard_answer();
"""

KEPT = ("casework_repair", "casework_ratingappeal")


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();"
    )


def unkept(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_repair")]
    operations = [
        migrations.RunSQL(LIMITS, migrations.RunSQL.noop),
        migrations.RunSQL(
            REPAIR, "DROP TRIGGER casework_repair_guard ON casework_repair; DROP FUNCTION casework_guard_repair();"
        ),
        migrations.RunSQL(
            APPEAL,
            "DROP TRIGGER casework_ratingappeal_guard ON casework_ratingappeal; DROP FUNCTION casework_guard_appeal();",
        ),
        migrations.RunSQL(
            ANSWER,
            "DROP TRIGGER casework_resolution_repaired ON casework_resolution; DROP FUNCTION casework_guard_answer();",
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
