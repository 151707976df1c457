"""Who has left holds no role: neither does an account end over an open role, nor is one given afterwards."""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_ended_holds_nothing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.ended_at IS NOT NULL
       AND EXISTS (SELECT 1 FROM accounts_rolegrant WHERE user_id = NEW.id AND until IS NULL) THEN
        RAISE EXCEPTION 'user % still holds a role', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_ended_holds_nothing BEFORE UPDATE OF ended_at ON accounts_user
FOR EACH ROW EXECUTE FUNCTION accounts_ended_holds_nothing();

CREATE FUNCTION accounts_ended_gets_nothing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.until IS NULL
       AND EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.user_id AND ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'user % has left', NEW.user_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_ended_gets_nothing BEFORE INSERT OR UPDATE OF user_id, until ON accounts_rolegrant
FOR EACH ROW EXECUTE FUNCTION accounts_ended_gets_nothing();
"""
REMOVE = """
DROP TRIGGER accounts_ended_gets_nothing ON accounts_rolegrant;
DROP FUNCTION accounts_ended_gets_nothing();
DROP TRIGGER accounts_ended_holds_nothing ON accounts_user;
DROP FUNCTION accounts_ended_holds_nothing();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_leaving")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
