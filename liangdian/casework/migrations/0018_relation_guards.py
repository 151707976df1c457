"""Merges only with a recorded reason and one level deep; parts of one level; no whole before its parts."""

from django.db import migrations

MERGE = """
CREATE FUNCTION casework_guard_merge() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.merged_into_id IS NULL THEN
        IF EXISTS (SELECT FROM casework_caserelation r
                   WHERE r.case_id = NEW.id AND r.kind = 'merged' AND r.ended_at IS NULL) THEN
            RAISE EXCEPTION 'a merge ends with its recorded end' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM casework_caserelation r WHERE r.case_id = NEW.id AND r.kind = 'merged'
                      AND r.other_id = NEW.merged_into_id AND r.ended_at IS NULL) THEN
        RAISE EXCEPTION 'a case is merged only with a recorded reason' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT FROM casework_case c WHERE c.id = NEW.merged_into_id AND c.merged_into_id IS NOT NULL)
       OR EXISTS (SELECT FROM casework_case c WHERE c.merged_into_id = NEW.id
                  AND c.state IN ('received', 'handling', 'waiting')) THEN
        RAISE EXCEPTION 'a merged case leads no other one' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT FROM casework_case c WHERE c.id = NEW.merged_into_id
                  AND c.about_user_id IS DISTINCT FROM NEW.about_user_id) THEN
        RAISE EXCEPTION 'a complaint about a colleague is merged only with one about the same colleague'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_case_merge BEFORE UPDATE OF merged_into_id ON casework_case
    FOR EACH ROW WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
    EXECUTE FUNCTION casework_guard_merge();
"""
# What is given back because promised papers never came is no answer of the house: its parts do not hold it.
WHOLE = """
CREATE FUNCTION casework_guard_whole() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM casework_caserelation r JOIN casework_case c ON c.id = r.case_id
               WHERE r.other_id = NEW.id AND r.kind = 'part' AND r.ended_at IS NULL
               AND c.state IN ('received', 'handling', 'waiting')) THEN
        RAISE EXCEPTION 'a case is answered after its parts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_case_whole BEFORE UPDATE OF state ON casework_case
    FOR EACH ROW WHEN (NEW.state = 'resolved' AND OLD.state <> 'resolved' AND NEW.stage <> 'returned')
    EXECUTE FUNCTION casework_guard_whole();
"""
RELATION = """
CREATE FUNCTION casework_guard_relation() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.ended_at IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id', 'end_reason'])
          <> (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id', 'end_reason'])) THEN
        RAISE EXCEPTION 'a relation is ended once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.kind = 'part' AND NEW.ended_at IS NULL AND EXISTS (
        SELECT FROM casework_caserelation r WHERE r.kind = 'part' AND r.ended_at IS NULL
        AND (r.other_id = NEW.case_id OR r.case_id = NEW.other_id)) THEN
        RAISE EXCEPTION 'a part has no parts of its own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_caserelation_guard BEFORE INSERT OR UPDATE ON casework_caserelation
    FOR EACH ROW EXECUTE FUNCTION casework_guard_relation();
CREATE TRIGGER casework_caserelation_kept BEFORE DELETE ON casework_caserelation
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_caserelation_whole BEFORE TRUNCATE ON casework_caserelation
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_relations")]
    operations = [
        migrations.RunSQL(
            MERGE, "DROP TRIGGER casework_case_merge ON casework_case; DROP FUNCTION casework_guard_merge();"
        ),
        migrations.RunSQL(
            WHOLE, "DROP TRIGGER casework_case_whole ON casework_case; DROP FUNCTION casework_guard_whole();"
        ),
        migrations.RunSQL(
            RELATION,
            "DROP TRIGGER casework_caserelation_whole ON casework_caserelation;"
            "DROP TRIGGER casework_caserelation_kept ON casework_caserelation;"
            "DROP TRIGGER casework_caserelation_guard ON casework_caserelation;"
            "DROP FUNCTION casework_guard_relation();",
        ),
    ]
