"""What the database itself refuses: wrong steps, changed decisions, hands that must keep away."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION petitions_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the records of petitions are only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
"""
STEPS = """
CREATE FUNCTION petitions_guard_step() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.step <> OLD.step AND NOT (
        (OLD.step = 'registered' AND NEW.step IN ('accepted', 'not_accepted', 'transferred'))
        OR (OLD.step = 'transferred' AND NEW.step IN ('accepted', 'not_accepted', 'objected'))
        OR (OLD.step = 'objected' AND NEW.step IN ('registered', 'transferred'))
        OR (OLD.step = 'accepted' AND NEW.step IN ('replied', 'opinion', 'final'))
        OR (OLD.step = 'opinion' AND NEW.step = 'review_asked')
    ) THEN
        RAISE EXCEPTION 'a petition does not go from % to %', OLD.step, NEW.step
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (to_jsonb(NEW) - ARRAY['step', 'label', 'label_by_id', 'earlier_id', 'found', 'major', 'notice_due_at',
                              'decided_at', 'answered_at', 'review_until', 'settled'])
       <> (to_jsonb(OLD) - ARRAY['step', 'label', 'label_by_id', 'earlier_id', 'found', 'major',
                                 'notice_due_at', 'decided_at', 'answered_at', 'review_until', 'settled'])
    THEN
        RAISE EXCEPTION 'what a petition is does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petitions_petition_guard BEFORE UPDATE ON petitions_petition
    FOR EACH ROW EXECUTE FUNCTION petitions_guard_step();
"""
HANDS = """
CREATE FUNCTION petitions_guard_hands() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM petitions_accused WHERE petition_id = NEW.id AND user_id = NEW.handler_id)
       OR EXISTS (SELECT 1 FROM petitions_recusal WHERE petition_id = NEW.id AND user_id = NEW.handler_id)
    THEN
        RAISE EXCEPTION 'who is complained about or keeps away does not handle a petition'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petitions_case_hands BEFORE UPDATE OF handler_id ON casework_case
    FOR EACH ROW WHEN (NEW.kind = 'petition' AND NEW.handler_id IS NOT NULL)
    EXECUTE FUNCTION petitions_guard_hands();
"""
ONCE = """
CREATE FUNCTION petitions_guard_decided() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'a decision about a petition stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petitions_transfer_once BEFORE UPDATE ON petitions_transfer
    FOR EACH ROW EXECUTE FUNCTION petitions_guard_decided();
CREATE TRIGGER petitions_extension_once BEFORE UPDATE ON petitions_extension
    FOR EACH ROW EXECUTE FUNCTION petitions_guard_decided();
"""
FIXED = (
    "petitions_accused", "petitions_representative", "petitions_nonacceptance", "petitions_opinion",
    "petitions_recusal",
)  # fmt: skip
KEPT = ("petitions_petition", "petitions_transfer", "petitions_extension", *FIXED)


def fixed(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION petitions_refuse_change();"
    )


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION petitions_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION petitions_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION petitions_refuse_change();"),
        migrations.RunSQL(
            STEPS,
            "DROP TRIGGER petitions_petition_guard ON petitions_petition;"
            "DROP FUNCTION petitions_guard_step();",
        ),
        migrations.RunSQL(
            HANDS,
            "DROP TRIGGER petitions_case_hands ON casework_case; DROP FUNCTION petitions_guard_hands();",
        ),
        migrations.RunSQL(
            ONCE,
            "DROP TRIGGER petitions_transfer_once ON petitions_transfer;"
            "DROP TRIGGER petitions_extension_once ON petitions_extension;"
            "DROP FUNCTION petitions_guard_decided();",
        ),
        *[
            migrations.RunSQL(fixed(table), f"DROP TRIGGER {table}_fixed ON {table};")
            for table in FIXED
        ],
        *[
            migrations.RunSQL(
                kept(table), f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"
            )
            for table in KEPT
        ],
    ]
