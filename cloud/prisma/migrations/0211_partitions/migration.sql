-- Partitions of the trail, by the month in which a line was recorded. Both functions are the owner's and touch
-- nothing but partitions of "entry". The wall is forced on the owner too, who then sees no row at all; so where
-- they must know what a partition holds they take it out of the owner's way for that moment, under a lock
-- that keeps everybody else away, and raise it again in the same transaction.

-- Reviewed: makes the partition of the month of "at" unless it stands. Lines of that month that went into the
-- default partition, as after a cloud whose months were not made in time, move into it.
CREATE OR REPLACE FUNCTION "ensure_entry_partition"("at" TIMESTAMPTZ) RETURNS BOOLEAN LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
  "from_at" TIMESTAMPTZ := date_trunc('month', "at", 'UTC');
  "to_at" TIMESTAMPTZ := date_trunc('month', "at", 'UTC') + interval '1 month';
  "name" TEXT := 'entry_' || to_char(date_trunc('month', "at", 'UTC') AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  IF to_regclass('public.' || "name") IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public.entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', "name");
  LOCK TABLE public.entry_default IN ACCESS EXCLUSIVE MODE;
  ALTER TABLE public.entry_default NO FORCE ROW LEVEL SECURITY;
  EXECUTE format(
    'WITH moved AS (DELETE FROM public.entry_default WHERE recorded_at >= %L AND recorded_at < %L RETURNING *)
     INSERT INTO public.%I SELECT * FROM moved', "from_at", "to_at", "name");
  ALTER TABLE public.entry_default FORCE ROW LEVEL SECURITY;
  PERFORM raise_tenant_wall(format('public.%I', "name")::regclass);
  EXECUTE format('ALTER TABLE public.entry ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', "name", "from_at", "to_at");
  RETURN true;
END $$;

-- Reviewed: drops the partitions of months that ended before "before" and in which no customer has a line any
-- more; answers their names. One that is in use is left for the next time.
CREATE FUNCTION "drop_empty_entry_partitions"("before" TIMESTAMPTZ) RETURNS SETOF TEXT LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  "item" RECORD;
  "is_empty" BOOLEAN;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  FOR "item" IN
    SELECT c.relname AS "name" FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.entry'::regclass AND c.relname ~ '^entry_\d{4}_\d{2}$'
      AND to_date(substring(c.relname FROM 7), 'YYYY_MM') + interval '1 month' <= "before" AT TIME ZONE 'UTC'
    ORDER BY c.relname
  LOOP
    BEGIN
      EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', "item"."name");
      EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', "item"."name");
      EXECUTE format('SELECT NOT EXISTS (SELECT FROM public.%I)', "item"."name") INTO "is_empty";
      EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', "item"."name");
      IF "is_empty" THEN
        EXECUTE format('DROP TABLE public.%I', "item"."name");
        RETURN NEXT "item"."name";
      END IF;
    EXCEPTION WHEN lock_not_available THEN
      NULL;
    END;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION "drop_empty_entry_partitions"(TIMESTAMPTZ) FROM PUBLIC;
