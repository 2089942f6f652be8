"""What the database judges and writes about a plate by itself: in SQL, because other tables' rows are needed."""

from write_offs.rules import signed_twice, waits_for_the_second

# The region of the office and the layout of the format are other tables' columns, hence a trigger and not a check.
FITS_FORMAT_AND_REGION = """
    SELECT regex, region_place INTO layout FROM plates_plateformat WHERE code = NEW.format_id;
    IF layout.regex = '' OR NEW.number !~ layout.regex THEN
        RAISE EXCEPTION 'plate % does not have the layout of format %', NEW.number, NEW.format_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_fits_its_format';
    END IF;
    IF (layout.region_place = 'right' AND right(NEW.number, 2) <> NEW.region_id)
        OR (layout.region_place = 'left' AND left(NEW.number, 2) <> NEW.region_id)
    THEN
        RAISE EXCEPTION 'plate % does not carry region %', NEW.number, NEW.region_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_number_carries_its_region';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM offices_office WHERE id = NEW.office_id AND region_id = NEW.region_id) THEN
        RAISE EXCEPTION 'plate % lies outside its region''s stock', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_in_its_regions_stock';
    END IF;
    RETURN NEW;
"""

_LINES = {"lines": "plates_writeoffline", "column": "plate_id"}

# What is set aside stands on an act that waits for its second person, until that act is closed.
SET_ASIDE = f"""
    IF NEW.set_aside_by_id IS NULL AND {waits_for_the_second(**_LINES)} THEN
        RAISE EXCEPTION 'plate % stands on an act that waits for its second person', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_set_aside_until_the_act_is_closed';
    END IF;
    IF NEW.set_aside_by_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM plates_writeoffline AS line JOIN write_offs_writeoffact AS act ON act.id = line.act_id
        WHERE line.plate_id = NEW.id AND act.id = NEW.set_aside_by_id
            AND act.confirmed_at IS NULL AND act.dropped_at IS NULL
    ) THEN
        RAISE EXCEPTION 'plate % is set aside only by an act on which it stands', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_set_aside_by_an_act';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - names that stand in the code

# Every change of state: what bars it, the movement it leaves behind, and what goes with the new state – the hold of a
# reserved number, the term of a stored one, the entry of a stolen one in the list of the wanted.
MOVEMENT = f"""
    IF NEW.state_changed_at IS NOT DISTINCT FROM OLD.state_changed_at THEN
        NEW.state_changed_at := now();
    END IF;
    today := (NEW.state_changed_at AT TIME ZONE 'Asia/Almaty')::date;
    IF NEW.state IN ('in_stock', 'reserved', 'assigned') AND (
        EXISTS (
            SELECT 1 FROM plates_platemovement
            WHERE plate_id = NEW.id AND ('lost' IN (from_state, to_state) OR 'stolen' IN (from_state, to_state))
        ) OR EXISTS (SELECT 1 FROM plates_wantedplate WHERE plate_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'plate % was lost or stolen and is never issued again', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_lost_never_reissued';
    END IF;
    IF OLD.state = 'surrendered' AND NEW.state IN ('in_stock', 'to_destroy') AND OLD.stored_until >= today THEN
        RAISE EXCEPTION 'plate % is stored for its holder until %', NEW.number, OLD.stored_until
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_stored_for_its_holder';
    END IF;
    IF OLD.state = 'in_stock' AND NEW.state IN ('reserved', 'assigned') AND {waits_for_the_second(**_LINES)} THEN
        RAISE EXCEPTION 'plate % stands on an act that waits for its second person', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_on_an_act_is_given_to_nobody';
    END IF;
    IF OLD.state IN ('in_stock', 'surrendered', 'to_destroy') AND NEW.state IN ('destroyed', 'lost', 'stolen')
        AND NOT {signed_twice(**_LINES)}
    THEN
        RAISE EXCEPTION 'plate % leaves the stock only by an act that two people signed', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_written_off_by_an_act';
    END IF;
    INSERT INTO plates_platemovement (plate_id, from_state, to_state, at, by_id, application_id, reason)
    VALUES (
        NEW.id, OLD.state, NEW.state, NEW.state_changed_at, NEW.moved_by_id, NEW.moved_for_id, NEW.moved_because
    );
    IF OLD.state = 'reserved' THEN
        IF NEW.state = 'assigned' AND NOT EXISTS (
            SELECT 1 FROM plates_platehold
            WHERE plate_id = NEW.id AND ended_at IS NULL AND application_id = NEW.moved_for_id
        ) THEN
            RAISE EXCEPTION 'plate % is reserved for another application', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_reserved_for_another';
        END IF;
        UPDATE plates_platehold SET ended_at = NEW.state_changed_at WHERE plate_id = NEW.id AND ended_at IS NULL;
    END IF;
    IF NEW.state = 'reserved' THEN
        SELECT amount INTO term FROM plates_plateterm
        WHERE code = 'hold_minutes' AND valid_from <= today AND (valid_to IS NULL OR valid_to >= today);
        IF NEW.moved_for_id IS NULL OR term IS NULL THEN
            RAISE EXCEPTION 'plate % is reserved only for an application and for a known time', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_reserved_for_an_application';
        END IF;
        INSERT INTO plates_platehold (plate_id, application_id, since, until)
        VALUES (
            NEW.id, NEW.moved_for_id, NEW.state_changed_at, NEW.state_changed_at + term * interval '1 minute'
        );
    END IF;
    IF NEW.state = 'surrendered' THEN
        SELECT amount INTO term FROM plates_plateterm
        WHERE code = 'storage_days' AND valid_from <= today AND (valid_to IS NULL OR valid_to >= today);
        NEW.stored_until := today + term;
    ELSIF NEW.state <> 'to_destroy' THEN
        NEW.stored_until := NULL;
    END IF;
    IF NEW.state = 'stolen' THEN
        INSERT INTO plates_wantedplate (plate_id, since, declared_by_id, application_id, explanation, lifted_because)
        VALUES (NEW.id, NEW.state_changed_at, NEW.moved_by_id, NEW.moved_for_id, NEW.moved_because, '');
    END IF;
    NEW.moved_by_id := NULL;
    NEW.moved_for_id := NULL;
    NEW.moved_because := '';
    RETURN NEW;
"""  # noqa: S608 - names that stand in the code
