"""System, security and audit administrator are three people, and the security administrator holds no other role.

GB/T 22239-2019, separation of roles. The person's row is locked, so that two roles given at the same
moment are seen by each other.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_administrators_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.until IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM accounts_rolegrant held
        WHERE held.user_id = NEW.user_id AND held.until IS NULL AND held.role <> NEW.role AND held.id <> NEW.id
        AND ('security' IN (held.role, NEW.role)
             OR (held.role IN ('administrator', 'auditor') AND NEW.role IN ('administrator', 'auditor')))
    ) THEN
        RAISE EXCEPTION 'user % may not hold role % beside the present ones', NEW.user_id, NEW.role
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_administrators_apart BEFORE INSERT OR UPDATE OF role, user_id, until ON accounts_rolegrant
FOR EACH ROW EXECUTE FUNCTION accounts_administrators_apart();
"""
REMOVE = """
DROP TRIGGER accounts_administrators_apart ON accounts_rolegrant;
DROP FUNCTION accounts_administrators_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factor")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
