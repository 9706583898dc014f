-- Retention by category and site, with a source and a reason for each rule, changes that wait for a
-- second person, legal holds, and runs in steps.

-- "site_key" is the site whose entries the rule is for, or the zero UUID for all sites without one.
ALTER TABLE "retention_rule"
  ADD COLUMN "site_key" UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  ADD COLUMN "source" TEXT NOT NULL DEFAULT 'instruction' CHECK ("source" IN ('default', 'contract', 'instruction', 'law')),
  ADD COLUMN "reason" TEXT CHECK ("reason" IN ('accounting', 'statute', 'dispute', 'claim', 'contract')),
  ADD COLUMN "review_on" DATE,
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
  DROP CONSTRAINT "retention_rule_pkey",
  ADD CONSTRAINT "retention_rule_pkey" PRIMARY KEY ("tenant_id", "category", "site_key");

CREATE TABLE "retention_change" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "category" TEXT NOT NULL,
  "site_key" UUID NOT NULL,
  "rule" JSONB NOT NULL,
  "rehearsal" JSONB NOT NULL,
  "asked_by" UUID NOT NULL,
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'waiting' CHECK ("status" IN ('waiting', 'approved', 'rejected', 'withdrawn')),
  "decided_by" UUID,
  "decided_at" TIMESTAMPTZ(3),
  CONSTRAINT "retention_change_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "retention_change_second_person" CHECK ("status" <> 'approved' OR "decided_by" <> "asked_by")
);
CREATE UNIQUE INDEX "retention_change_one_waiting" ON "retention_change" ("tenant_id", "category", "site_key")
  WHERE "status" = 'waiting';
SELECT raise_tenant_wall('retention_change'::regclass);

-- What may not be deleted or lose its names. "subject_text" is the subject's id as entries write it.
CREATE TABLE "legal_hold" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "subject_id" UUID,
  "subject_text" TEXT,
  "from_at" TIMESTAMPTZ(3),
  "to_at" TIMESTAMPTZ(3),
  "reason" TEXT NOT NULL CHECK (length("reason") BETWEEN 1 AND 200),
  "review_on" DATE NOT NULL,
  "placed_by" UUID NOT NULL,
  "placed_at" TIMESTAMPTZ(3) NOT NULL,
  "released_by" UUID,
  "released_at" TIMESTAMPTZ(3),
  "release_reason" TEXT,
  CONSTRAINT "legal_hold_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "legal_hold_shape" CHECK (
    ("kind" IN ('person', 'asset', 'order', 'site') AND "subject_id" IS NOT NULL AND "subject_text" IS NOT NULL
      AND "from_at" IS NULL AND "to_at" IS NULL)
    OR ("kind" = 'period' AND "subject_id" IS NULL AND "from_at" < "to_at"))
);
SELECT raise_tenant_wall('legal_hold'::regclass);

-- A run that is under way: what it has done so far, so that one that was cut off goes on.
CREATE TABLE "retention_work" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "category" TEXT NOT NULL,
  "site_key" UUID NOT NULL,
  "run_id" UUID NOT NULL,
  "version" INTEGER NOT NULL,
  "action" TEXT NOT NULL,
  "before" TIMESTAMPTZ(3) NOT NULL,
  "entries" BIGINT NOT NULL DEFAULT 0,
  "carried" BIGINT NOT NULL DEFAULT 0,
  "first_index" BIGINT,
  "last_index" BIGINT,
  CONSTRAINT "retention_work_pkey" PRIMARY KEY ("tenant_id", "category", "site_key")
);
SELECT raise_tenant_wall('retention_work'::regclass);

ALTER TABLE "retention_run"
  ADD COLUMN "site_key" UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "source" TEXT NOT NULL DEFAULT 'instruction',
  ADD COLUMN "reason" TEXT,
  ADD COLUMN "held" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "carried" BIGINT NOT NULL DEFAULT 0;

-- The receipt of a run, signed by the key of the customer's log (C2SP signed note).
CREATE TABLE "retention_receipt" (
  "tenant_id" UUID NOT NULL,
  "run_id" UUID NOT NULL,
  "note" TEXT NOT NULL,
  "signed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "retention_receipt_pkey" PRIMARY KEY ("tenant_id", "run_id"),
  CONSTRAINT "retention_receipt_run_fkey" FOREIGN KEY ("tenant_id", "run_id") REFERENCES "retention_run" ("tenant_id", "id")
);
COMMENT ON TABLE "retention_receipt" IS 'append-only: what was signed is evidence';
SELECT raise_tenant_wall('retention_receipt'::regclass);

-- Members of "data" that are personal: the list of shared/src/proof/personal-fields.ts, held equal by a test.
CREATE FUNCTION "personal_data_fields"() RETURNS TEXT[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT ARRAY['takenBy', 'badgeHash', 'numberHash', 'beside', 'from', 'lastHolder', 'witness', 'note', 'items', 'badge', 'person'] $$;

-- The next two name every schema and set no path, so that the planner can look into them.
-- Whether a hold covers an entry. Of a session, all lines belong to its person.
CREATE FUNCTION "entry_is_held"("e" "entry") RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM public."legal_hold" h
    WHERE h."tenant_id" = e."tenant_id" AND h."released_at" IS NULL AND CASE h."kind"
      WHEN 'person' THEN e."actor_id" = h."subject_id" OR e."counterpart_id" = h."subject_id"
        OR position(h."subject_text" IN e."data"::text) > 0
        OR e."session_id" IN (SELECT s."id" FROM public."cabinet_session" s
          WHERE s."tenant_id" = h."tenant_id" AND s."person_id" = h."subject_id")
      WHEN 'asset' THEN e."asset_id" = h."subject_id" OR EXISTS (SELECT 1 FROM public."tag_binding" b
          WHERE b."tenant_id" = h."tenant_id" AND b."asset_id" = h."subject_id" AND position(b."epc" IN e."data"::text) > 0)
      WHEN 'order' THEN e."order_id" = h."subject_id"
      WHEN 'site' THEN e."site_id" = h."subject_id"
      WHEN 'period' THEN (e."recorded_at" >= h."from_at" AND e."recorded_at" < h."to_at")
        OR (e."occurred_at" >= h."from_at" AND e."occurred_at" < h."to_at")
      -- What nobody understands holds everything.
      ELSE true END) $$;

-- Entries that a rule's action applies to: of its category and site, recorded before "before", sealed by a checkpoint.
-- The line with which a tool went missing stays until it is found: what is open still needs it.
CREATE FUNCTION "retention_reach"("category_name" TEXT, "site" UUID, "action_name" TEXT, "before" TIMESTAMPTZ)
RETURNS SETOF "entry" LANGUAGE sql STABLE AS $$
  SELECT e.* FROM public."entry" e
  WHERE e."tenant_id" = nullif(current_setting('app.tenant', true), '')::uuid
    AND e."category" = "category_name" AND e."recorded_at" < "before"
    AND e."index" < coalesce((SELECT max(c."size") FROM public."checkpoint" c
      WHERE c."tenant_id" = nullif(current_setting('app.tenant', true), '')::uuid), 0)
    AND CASE WHEN "site" = '00000000-0000-0000-0000-000000000000'
      THEN NOT EXISTS (SELECT 1 FROM public."retention_rule" r WHERE r."tenant_id" = e."tenant_id"
        AND r."category" = "category_name" AND r."site_key" = e."site_id")
      ELSE e."site_id" = "site" END
    AND ("action_name" = 'delete' OR (e."salts" IS NOT NULL AND e."salts" <> '{}'))
    AND NOT ("action_name" = 'delete' AND e."kind" = 'inventory.settled' AND EXISTS (
      SELECT 1 FROM public."sighting" s WHERE s."tenant_id" = e."tenant_id" AND s."cabinet_id" = e."cabinet_id"
        AND s."missing_since" = e."effective_at")) $$;

DROP FUNCTION "apply_retention"(TEXT, TIMESTAMPTZ, TIMESTAMPTZ);

-- Retention is the one thing that may take lines, or names out of lines, of the trail. The runtime role cannot update
-- or delete entries; it can only call this function for the entries that it names. The function looks at the customer's
-- own rule and holds itself, and touches nothing but the customer whose transaction this is, nothing that is held, and
-- nothing that is not sealed. A hold that it cannot read stops it. Answers how many of the named entries it touched.
CREATE FUNCTION "apply_retention"("category_name" TEXT, "site" UUID, "before" TIMESTAMPTZ, "at" TIMESTAMPTZ, "indexes" BIGINT[])
RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
  "rule" public."retention_rule"%ROWTYPE;
  "newest" TIMESTAMPTZ;
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
  SELECT max(e."recorded_at") INTO "newest" FROM public."entry" e
    WHERE e."tenant_id" = "tenant" AND e."index" >= (
      SELECT h."next_index" - 1 FROM public."tenant_head" h WHERE h."tenant_id" = "tenant");
  IF "at" > greatest(clock_timestamp(), "newest") + interval '1 day' THEN
    RAISE EXCEPTION 'retention: % has not come yet', "at" USING ERRCODE = 'check_violation';
  END IF;
  IF "before" > "at" - make_interval(days => "rule"."keep_days") THEN
    RAISE EXCEPTION 'retention: lines since % are kept', "before" USING ERRCODE = 'check_violation';
  END IF;
  PERFORM public."check_holds"();

  IF "rule"."action" = 'delete' THEN
    DELETE FROM public."entry" e USING public."retention_reach"("category_name", "site", 'delete', "before") r
    WHERE r."index" = ANY ("indexes") AND e."tenant_id" = "tenant" AND e."index" = r."index"
      AND e."recorded_at" = r."recorded_at" AND NOT public."entry_is_held"(e);
  ELSE
    UPDATE public."entry" e
    SET "actor_id" = NULL, "counterpart_id" = NULL, "chain" = NULL, "origin" = NULL, "salts" = NULL,
      "data" = e."data" - public."personal_data_fields"()
    FROM public."retention_reach"("category_name", "site", 'pseudonymise', "before") r
    WHERE r."index" = ANY ("indexes") AND e."tenant_id" = "tenant" AND e."index" = r."index"
      AND e."recorded_at" = r."recorded_at" AND NOT public."entry_is_held"(e);
  END IF;
  GET DIAGNOSTICS "touched" = ROW_COUNT;
  RETURN "touched";
END $$;

-- Refuses to go on while there is a hold whose meaning is not certain.
CREATE FUNCTION "check_holds"() RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
  "bad" UUID;
BEGIN
  SELECT h."id" INTO "bad" FROM public."legal_hold" h
  WHERE h."tenant_id" = "tenant" AND h."released_at" IS NULL AND NOT coalesce(CASE h."kind"
    WHEN 'person' THEN h."subject_text" <> '' AND EXISTS (
      SELECT 1 FROM public."person" p WHERE p."tenant_id" = "tenant" AND p."id" = h."subject_id")
    WHEN 'asset' THEN EXISTS (SELECT 1 FROM public."asset" a WHERE a."tenant_id" = "tenant" AND a."id" = h."subject_id")
    WHEN 'site' THEN EXISTS (SELECT 1 FROM public."site" s WHERE s."tenant_id" = "tenant" AND s."id" = h."subject_id")
    WHEN 'order' THEN h."subject_id" IS NOT NULL
    WHEN 'period' THEN h."from_at" < h."to_at"
    ELSE false END, false)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'retention: the hold % cannot be read', "bad" USING ERRCODE = 'TT001';
  END IF;
END $$;

REVOKE ALL ON FUNCTION "apply_retention"(TEXT, UUID, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT[]) FROM PUBLIC;
