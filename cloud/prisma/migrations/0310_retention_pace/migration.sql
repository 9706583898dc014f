-- A run of retention goes through the lines of a rule in their order and never looks at one twice: lines of one
-- moment (a backlog that came in at once) are told apart by their index.
DROP INDEX "entry_tenant_id_category_recorded_at_idx";
CREATE INDEX "entry_retention_idx" ON "entry" ("tenant_id", "category", "recorded_at", "index");

-- As before, and the caller also says between which times the lines that it names were recorded, so that months
-- beside them are not looked into. A plan for the indexes that are named, and not for any: with one for any, each
-- step reads all that is over.
DROP FUNCTION "apply_retention"(TEXT, UUID, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT[]);
CREATE FUNCTION "apply_retention"("category_name" TEXT, "site" UUID, "before" TIMESTAMPTZ, "at" TIMESTAMPTZ,
  "indexes" BIGINT[], "first_at" TIMESTAMPTZ, "last_at" TIMESTAMPTZ)
RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
  SET plan_cache_mode = 'force_custom_plan' AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
  "rule" public."retention_rule"%ROWTYPE;
  "newest" TIMESTAMPTZ;
  "has_holds" BOOLEAN;
  "touched" BIGINT;
BEGIN
  IF "tenant" IS NULL THEN
    RAISE EXCEPTION 'retention: no customer is set' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT r.* INTO "rule" FROM public."retention_rule" r
    WHERE r."tenant_id" = "tenant" AND r."category" = "category_name" AND r."site_key" = "site" FOR SHARE;
  IF NOT FOUND OR "rule"."keep_days" IS NULL THEN
    RAISE EXCEPTION 'retention: category % is kept', "category_name" USING ERRCODE = 'check_violation';
  END IF;
  -- The time of the run may not be invented: not past the machine's time, or past the newest line.
  SELECT e."recorded_at" INTO "newest" FROM public."entry" e
    WHERE e."tenant_id" = "tenant" ORDER BY e."index" DESC LIMIT 1;
  IF "at" > greatest(clock_timestamp(), "newest") + interval '1 day' THEN
    RAISE EXCEPTION 'retention: % has not come yet', "at" USING ERRCODE = 'check_violation';
  END IF;
  IF "before" > "at" - make_interval(days => "rule"."keep_days") THEN
    RAISE EXCEPTION 'retention: lines since % are kept', "before" USING ERRCODE = 'check_violation';
  END IF;
  PERFORM public."check_holds"();
  "has_holds" := EXISTS (SELECT FROM public."legal_hold" h WHERE h."tenant_id" = "tenant" AND h."released_at" IS NULL);

  IF "rule"."action" = 'delete' THEN
    DELETE FROM public."entry" e USING public."retention_reach"("category_name", "site", 'delete', "before") r
    WHERE r."index" = ANY ("indexes") AND r."recorded_at" BETWEEN "first_at" AND "last_at"
      AND e."tenant_id" = "tenant" AND e."index" = r."index" AND e."recorded_at" = r."recorded_at"
      AND e."recorded_at" BETWEEN "first_at" AND "last_at"
      AND NOT ("has_holds" AND public."entry_is_held"(e));
  ELSE
    UPDATE public."entry" e
    SET "actor_id" = NULL, "counterpart_id" = NULL, "chain" = NULL, "origin" = NULL, "salts" = NULL,
      "data" = e."data" - public."personal_data_fields"()
    FROM public."retention_reach"("category_name", "site", 'pseudonymise', "before") r
    WHERE r."index" = ANY ("indexes") AND r."recorded_at" BETWEEN "first_at" AND "last_at"
      AND e."tenant_id" = "tenant" AND e."index" = r."index" AND e."recorded_at" = r."recorded_at"
      AND e."recorded_at" BETWEEN "first_at" AND "last_at"
      AND NOT ("has_holds" AND public."entry_is_held"(e));
  END IF;
  GET DIAGNOSTICS "touched" = ROW_COUNT;
  RETURN "touched";
END $$;
REVOKE ALL ON FUNCTION "apply_retention"(TEXT, UUID, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT[], TIMESTAMPTZ, TIMESTAMPTZ) FROM PUBLIC;
