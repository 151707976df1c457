"""What the database refuses whoever asks: moves, talks without consent, effect without signatures, changes."""

from django.db import migrations

# The same pairs as in states.py; a test compares them.
STATE = """
CREATE FUNCTION mediation_guard_dispute() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state || '>' || NEW.state) NOT IN (
        'registered>consented', 'registered>refused', 'consented>mediating', 'consented>failed',
        'mediating>signing', 'mediating>effective', 'mediating>failed', 'signing>mediating',
        'signing>effective', 'signing>failed', 'effective>fulfilled', 'effective>unfulfilled',
        'unfulfilled>fulfilled') THEN
        RAISE EXCEPTION 'a dispute cannot move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('consented', 'mediating') AND (
        (SELECT count(*) FROM mediation_party WHERE dispute_id = NEW.case_id) < 2 OR EXISTS (
            SELECT 1 FROM mediation_party p WHERE p.dispute_id = NEW.case_id AND COALESCE((
                SELECT a.given FROM mediation_answer a WHERE a.party_id = p.id AND a.subject = 'mediation'
                ORDER BY a.id DESC LIMIT 1), false) IS NOT TRUE)) THEN
        RAISE EXCEPTION 'no mediation without the consent of every party' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'mediating' AND OLD.state = 'consented' AND NOT EXISTS (
        SELECT 1 FROM mediation_assignment WHERE dispute_id = NEW.case_id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'no mediation without a mediator' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'effective' AND NOT EXISTS (
        SELECT 1 FROM mediation_agreement
        WHERE dispute_id = NEW.case_id AND dropped_at IS NULL AND effective_at IS NOT NULL) THEN
        RAISE EXCEPTION 'no agreement is in effect' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_dispute_moves BEFORE UPDATE ON mediation_dispute
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_dispute();
"""
BEGUN = """
CREATE FUNCTION mediation_guard_begun() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mediation_dispute WHERE case_id = NEW.dispute_id
                   AND state IN ('mediating', 'signing')) THEN
        RAISE EXCEPTION 'talks begin with the consent of every party and a mediator'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_session_begun BEFORE INSERT ON mediation_session
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_begun();
CREATE TRIGGER mediation_caucus_begun BEFORE INSERT ON mediation_caucus
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_begun();
CREATE TRIGGER mediation_offer_begun BEFORE INSERT ON mediation_offer
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_begun();
CREATE TRIGGER mediation_agreement_begun BEFORE INSERT ON mediation_agreement
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_begun();
"""
RECUSED = """
CREATE FUNCTION mediation_guard_recused() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mediation_recusal r JOIN mediation_member m ON m.id = r.member_id
        JOIN mediation_member n ON n.id = NEW.member_id
        WHERE r.dispute_id = NEW.dispute_id AND m.user_id = n.user_id) THEN
        RAISE EXCEPTION 'this mediator takes no part in this dispute' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_assignment_recused BEFORE INSERT ON mediation_assignment
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_recused();
"""
# A committee has three to nine members, women among them: the checks of the term hold after every statement.
COUNTED = """
CREATE FUNCTION mediation_count_members() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mediation_term t SET members = c.n, women = c.w FROM (
        SELECT term_id, count(*) AS n, count(*) FILTER (WHERE woman) AS w FROM mediation_member
        WHERE "left" IS NULL AND term_id IN (SELECT term_id FROM changed) GROUP BY term_id) c
    WHERE t.id = c.term_id AND (t.members, t.women) IS DISTINCT FROM (c.n, c.w);
    RETURN NULL;
END $$;
CREATE TRIGGER mediation_member_joined AFTER INSERT ON mediation_member REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_count_members();
CREATE TRIGGER mediation_member_changed AFTER UPDATE ON mediation_member REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_count_members();
"""
# The words do not change once somebody has signed; effect needs all signatures and the seal (Art. 30).
AGREEMENT = """
CREATE FUNCTION mediation_guard_agreement() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.effective_at IS NOT NULL AND (NEW.effective_at IS DISTINCT FROM OLD.effective_at
            OR NEW.confirm_until IS DISTINCT FROM OLD.confirm_until OR NEW.dropped_at IS NOT NULL))
       OR (OLD.sealed_at IS NOT NULL AND NEW.sealed_at IS DISTINCT FROM OLD.sealed_at)
       OR (OLD.confirmation_asked_on IS NOT NULL
           AND NEW.confirmation_asked_on IS DISTINCT FROM OLD.confirmation_asked_on)
       OR ((NEW.facts, NEW.responsibilities, NEW.content, NEW.manner, NEW.form, NEW.dispute_id)
           IS DISTINCT FROM
           (OLD.facts, OLD.responsibilities, OLD.content, OLD.manner, OLD.form, OLD.dispute_id)) THEN
        RAISE EXCEPTION 'what was agreed is not changed afterwards' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.effective_at IS NOT NULL AND OLD.effective_at IS NULL AND NEW.form = 'written' AND (
        NEW.sealed_at IS NULL
        OR EXISTS (SELECT 1 FROM mediation_party p WHERE p.dispute_id = NEW.dispute_id AND NOT EXISTS (
                   SELECT 1 FROM mediation_signature s WHERE s.agreement_id = NEW.id AND s.party_id = p.id))
        OR NOT EXISTS (SELECT 1 FROM mediation_signature s
                       WHERE s.agreement_id = NEW.id AND s.mediator_id IS NOT NULL)
        OR NEW.effective_at < NEW.sealed_at
        OR NEW.effective_at < (SELECT max(s.at) FROM mediation_signature s
                               WHERE s.agreement_id = NEW.id AND s.party_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'no effect before all have signed and the committee has sealed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_agreement_kept BEFORE UPDATE ON mediation_agreement
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_agreement();
CREATE FUNCTION mediation_guard_new_obligation() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM mediation_signature WHERE agreement_id = NEW.agreement_id)
       OR EXISTS (SELECT 1 FROM mediation_agreement
                  WHERE id = NEW.agreement_id AND (effective_at IS NOT NULL OR dropped_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'nothing is added to an agreement that was signed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_obligation_new BEFORE INSERT ON mediation_obligation
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_new_obligation();
CREATE FUNCTION mediation_guard_obligation() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.agreement_id, NEW.number, NEW.debtor_id, NEW.creditor_id, NEW.kind, NEW.words, NEW.due_on)
       IS DISTINCT FROM
       (OLD.agreement_id, OLD.number, OLD.debtor_id, OLD.creditor_id, OLD.kind, OLD.words, OLD.due_on)
       OR NEW.amount_fen IS DISTINCT FROM OLD.amount_fen THEN
        RAISE EXCEPTION 'what is owed is not changed afterwards' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (
        (OLD.state || '>' || NEW.state) NOT IN (
            'due>kept', 'due>broken', 'due>excused', 'broken>kept', 'broken>excused')
        OR NOT EXISTS (SELECT 1 FROM mediation_agreement
                       WHERE id = NEW.agreement_id AND effective_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'an obligation cannot move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_obligation_kept BEFORE UPDATE ON mediation_obligation
    FOR EACH ROW EXECUTE FUNCTION mediation_guard_obligation();
"""
# What is sealed is empty only when nothing was written: these the models cannot say themselves.
WRITTEN = """
ALTER TABLE mediation_party ADD CONSTRAINT mediation_party_named CHECK (name <> '');
ALTER TABLE mediation_representative ADD CONSTRAINT mediation_representative_named CHECK (name <> '');
ALTER TABLE mediation_report ADD CONSTRAINT mediation_report_words CHECK (words <> '');
ALTER TABLE mediation_session ADD CONSTRAINT mediation_session_recorded
    CHECK (recorded_at IS NULL OR record <> '');
ALTER TABLE mediation_caucus ADD CONSTRAINT mediation_caucus_note CHECK (note <> '');
ALTER TABLE mediation_offer ADD CONSTRAINT mediation_offer_words CHECK (words <> '');
ALTER TABLE mediation_agreement ADD CONSTRAINT mediation_agreement_elements CHECK (
    facts <> '' AND content <> '' AND (form = 'oral' OR (responsibilities <> '' AND manner <> '')));
ALTER TABLE mediation_signature ADD CONSTRAINT mediation_signature_drawn CHECK (how <> 'screen' OR strokes <> '');
ALTER TABLE mediation_obligation ADD CONSTRAINT mediation_obligation_words CHECK (kind <> 'act' OR words <> '');
"""
ADDED_ONLY = """
CREATE FUNCTION mediation_guard_added_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'this is only added to, never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""
TABLES = ("answer", "recusal", "report", "signature", "caucus", "attendance")
ONE = """
CREATE TRIGGER mediation_{0}_added_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mediation_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_guard_added_only();
"""
KEPT = ("dispute", "party", "representative", "assignment", "session", "offer", "agreement", "obligation")
KEEP = """
CREATE TRIGGER mediation_{0}_not_deleted BEFORE DELETE OR TRUNCATE ON mediation_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_guard_added_only();
"""


class Migration(migrations.Migration):
    dependencies = [("mediation", "0002_constraints")]

    operations = [
        migrations.RunSQL(sql)
        for sql in (
            WRITTEN, STATE, BEGUN, RECUSED, COUNTED, AGREEMENT, ADDED_ONLY,
            *(ONE.format(table) for table in TABLES), *(KEEP.format(table) for table in KEPT),
        )
    ]
