"""The database itself refuses to send anything twice, and to change the words that were said."""

from django.db import migrations

GUARD = """
CREATE FUNCTION notifications_message_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> NEW.state AND NOT (
        (OLD.state = 'queued' AND NEW.state IN ('sending', 'failed'))
        OR (OLD.state = 'sending' AND NEW.state IN ('queued', 'sent', 'delivered', 'failed', 'unknown'))
        OR (OLD.state = 'sent' AND NEW.state IN ('delivered', 'failed'))
        OR (OLD.state = 'unknown' AND NEW.state IN ('delivered', 'failed'))
        OR (OLD.state = 'failed' AND NEW.state IN ('queued', 'delivered'))
    ) THEN
        RAISE EXCEPTION 'a message cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.key <> NEW.key OR OLD.kind <> NEW.kind THEN
        RAISE EXCEPTION 'a message keeps its key and its kind' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notifications_message_moves BEFORE UPDATE ON notifications_message
FOR EACH ROW EXECUTE FUNCTION notifications_message_moves();

CREATE FUNCTION notifications_messagetemplate_is_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a version of a text is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER notifications_messagetemplate_append_only BEFORE UPDATE OR DELETE ON notifications_messagetemplate
FOR EACH ROW EXECUTE FUNCTION notifications_messagetemplate_is_append_only();
"""
REMOVE = """
DROP TRIGGER notifications_messagetemplate_append_only ON notifications_messagetemplate;
DROP FUNCTION notifications_messagetemplate_is_append_only();
DROP TRIGGER notifications_message_moves ON notifications_message;
DROP FUNCTION notifications_message_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_outbox")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
