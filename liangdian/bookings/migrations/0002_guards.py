"""The database counts who takes a time, refuses one too many, and forgets no appointment."""

from django.db import migrations

# Ranges of numbers stand for the resource: the plain type needs an extension that not every server has.
OVERLAP = """
ALTER TABLE bookings_slot ADD CONSTRAINT bookings_slot_no_overlap EXCLUDE USING gist (
    int8range(resource_id, resource_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
) WHERE (capacity > 0);
"""
SLOT = """
CREATE FUNCTION bookings_guard_slot() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.booked_hall + NEW.booked_phone + NEW.booked_online <> 0 THEN
            RAISE EXCEPTION 'a new time has no appointments' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.resource_id, NEW.starts_at, NEW.ends_at) <> (OLD.resource_id, OLD.starts_at, OLD.ends_at) THEN
        RAISE EXCEPTION 'a time is not shifted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.booked_hall, NEW.booked_phone, NEW.booked_online)
       <> (OLD.booked_hall, OLD.booked_phone, OLD.booked_online) AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'only places change what is booked' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bookings_slot_guard BEFORE INSERT OR UPDATE ON bookings_slot
    FOR EACH ROW EXECUTE FUNCTION bookings_guard_slot();
"""
PLACE = """
CREATE FUNCTION bookings_count_place() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    step integer := 0;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT NEW.active THEN
            RAISE EXCEPTION 'a new place is taken' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT FROM bookings_booking b JOIN bookings_slot s ON s.id = NEW.slot_id
                       WHERE b.id = NEW.booking_id AND b.channel = NEW.channel
                       AND b.state NOT IN ('cancelled', 'expired')) THEN
            RAISE EXCEPTION 'this appointment takes no time' USING ERRCODE = 'check_violation';
        END IF;
        step := 1;
    ELSE
        IF (NEW.booking_id, NEW.slot_id, NEW.channel) <> (OLD.booking_id, OLD.slot_id, OLD.channel)
           OR (NEW.active AND NOT OLD.active) THEN
            RAISE EXCEPTION 'a place is given back, not changed' USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.active AND NOT NEW.active THEN
            step := -1;
        END IF;
    END IF;
    IF step <> 0 THEN
        UPDATE bookings_slot SET
            booked_hall = booked_hall + CASE WHEN NEW.channel = 'hall' THEN step ELSE 0 END,
            booked_phone = booked_phone + CASE WHEN NEW.channel = 'phone' THEN step ELSE 0 END,
            booked_online = booked_online + CASE WHEN NEW.channel = 'online' THEN step ELSE 0 END
        WHERE id = NEW.slot_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bookings_place_count AFTER INSERT OR UPDATE ON bookings_place
    FOR EACH ROW EXECUTE FUNCTION bookings_count_place();
"""
BOOKING = """
CREATE FUNCTION bookings_guard_booking() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.key, NEW.link_digest, NEW.code_digest, NEW.channel, NEW.created_at)
       <> (OLD.key, OLD.link_digest, OLD.code_digest, OLD.channel, OLD.created_at) THEN
        RAISE EXCEPTION 'what an appointment began with stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT (CASE OLD.state
            WHEN 'held' THEN NEW.state IN ('confirmed', 'cancelled', 'expired')
            WHEN 'confirmed' THEN NEW.state IN ('arrived', 'missed', 'cancelled')
            WHEN 'arrived' THEN NEW.state = 'done'
            WHEN 'missed' THEN NEW.state = 'arrived'
            ELSE false END) THEN
            RAISE EXCEPTION 'an appointment does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.state IN ('cancelled', 'expired')
           AND EXISTS (SELECT FROM bookings_place p WHERE p.booking_id = NEW.id AND p.active) THEN
            RAISE EXCEPTION 'its time is given back first' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = 'confirmed'
           AND NOT EXISTS (SELECT FROM bookings_place p WHERE p.booking_id = NEW.id AND p.active) THEN
            RAISE EXCEPTION 'nothing is confirmed without a time' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bookings_booking_guard BEFORE UPDATE ON bookings_booking
    FOR EACH ROW EXECUTE FUNCTION bookings_guard_booking();
"""
REFUSE = """
CREATE FUNCTION bookings_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'appointments and their history are kept' USING ERRCODE = 'restrict_violation';
END $$;
"""
KEPT = ("bookings_booking", "bookings_place", "bookings_bookingevent", "bookings_ruleversion",
        "bookings_waitingentry")
NEVER_CHANGED = ("bookings_bookingevent", "bookings_ruleversion")


def keep(table: str) -> str:
    acts = "UPDATE OR DELETE" if table in NEVER_CHANGED else "DELETE"
    return (
        f"CREATE TRIGGER {table}_kept BEFORE {acts} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION bookings_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bookings_refuse_change();"
    )


def unkeep(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]
    operations = [
        migrations.RunSQL(OVERLAP, "ALTER TABLE bookings_slot DROP CONSTRAINT bookings_slot_no_overlap"),
        migrations.RunSQL(
            SLOT, "DROP TRIGGER bookings_slot_guard ON bookings_slot; DROP FUNCTION bookings_guard_slot();"
        ),
        migrations.RunSQL(
            PLACE, "DROP TRIGGER bookings_place_count ON bookings_place; DROP FUNCTION bookings_count_place();"
        ),
        migrations.RunSQL(
            BOOKING,
            "DROP TRIGGER bookings_booking_guard ON bookings_booking; DROP FUNCTION bookings_guard_booking();",
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION bookings_refuse_change();"),
        *[migrations.RunSQL(keep(table), unkeep(table)) for table in KEPT],
    ]
