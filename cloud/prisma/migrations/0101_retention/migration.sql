-- Retention is the one thing that may take lines out of the trail. The runtime role cannot update
-- or delete entries; it can only call this function, which looks at the customer's own rule itself
-- and touches nothing but the customer whose transaction this is.
--
-- "category_name", "before" and "at" come from the caller; "at" is the cloud's time of the run.
-- Answers how many entries were touched and the first and last index among them. The caller appends
-- the receipt ('retention.run') in the same transaction.
CREATE FUNCTION "apply_retention"("category_name" TEXT, "before" TIMESTAMPTZ, "at" TIMESTAMPTZ)
RETURNS TABLE ("entries" BIGINT, "first_index" BIGINT, "last_index" BIGINT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
  "rule" public."retention_rule"%ROWTYPE;
  "newest" TIMESTAMPTZ;
BEGIN
  IF "tenant" IS NULL THEN
    RAISE EXCEPTION 'retention: no customer is set' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT r.* INTO "rule" FROM public."retention_rule" r
    WHERE r."tenant_id" = "tenant" AND r."category" = "category_name" FOR SHARE;
  IF NOT FOUND OR "rule"."keep_days" IS NULL THEN
    RAISE EXCEPTION 'retention: category % is kept', "category_name" USING ERRCODE = 'check_violation';
  END IF;
  -- The time of the run may not be invented: not past the machine's time, or past the newest line.
  SELECT max(e."recorded_at") INTO "newest" FROM public."entry" e
    WHERE e."tenant_id" = "tenant" AND e."index" >= (
      SELECT h."next_index" - 1 FROM public."tenant_head" h WHERE h."tenant_id" = "tenant");
  IF "at" > greatest(clock_timestamp(), "newest") + interval '1 day' THEN
    RAISE EXCEPTION 'retention: % has not come yet', "at" USING ERRCODE = 'check_violation';
  END IF;
  IF "before" > "at" - make_interval(days => "rule"."keep_days") THEN
    RAISE EXCEPTION 'retention: lines since % are kept', "before" USING ERRCODE = 'check_violation';
  END IF;

  IF "rule"."action" = 'delete' THEN
    RETURN QUERY WITH gone AS (
      DELETE FROM public."entry" e
      WHERE e."tenant_id" = "tenant" AND e."category" = "category_name" AND e."recorded_at" < "before"
      RETURNING e."index")
    SELECT count(*), min(g."index"), max(g."index") FROM gone g;
  ELSE
    RETURN QUERY WITH changed AS (
      UPDATE public."entry" e
      SET "actor_id" = NULL, "counterpart_id" = NULL, "data" = e."data" - ARRAY['takenBy', 'badgeHash']
      WHERE e."tenant_id" = "tenant" AND e."category" = "category_name" AND e."recorded_at" < "before"
        AND (e."actor_id" IS NOT NULL OR e."counterpart_id" IS NOT NULL OR e."data" ?| ARRAY['takenBy', 'badgeHash'])
      RETURNING e."index")
    SELECT count(*), min(c."index"), max(c."index") FROM changed c;
  END IF;
END $$;
REVOKE ALL ON FUNCTION "apply_retention"(TEXT, TIMESTAMPTZ, TIMESTAMPTZ) FROM PUBLIC;

-- Finds what a run would touch without reading the whole trail.
CREATE INDEX "entry_tenant_id_category_recorded_at_idx" ON "entry" ("tenant_id", "category", "recorded_at");
