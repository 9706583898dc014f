-- A customer leaves: one administrator asks, another one agrees, and when the notice period and the contract are over
-- everything of the customer goes but a minimal record of the contract.

CREATE TABLE "off_boarding" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "status" TEXT NOT NULL DEFAULT 'waiting'
    CHECK ("status" IN ('waiting', 'agreed', 'closing', 'rejected', 'withdrawn', 'cancelled')),
  "contract_ends_on" DATE NOT NULL,
  "record_days" INTEGER NOT NULL CHECK ("record_days" BETWEEN 0 AND 36500),
  "asked_by" UUID NOT NULL,
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  "asked_index" BIGINT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "decided_by" UUID,
  "decided_at" TIMESTAMPTZ(3),
  "remove_at" TIMESTAMPTZ(3),
  "closing_at" TIMESTAMPTZ(3),
  "closing_index" BIGINT,
  "users" INTEGER,
  "unreached" INTEGER,
  CONSTRAINT "off_boarding_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "off_boarding_second_person"
    CHECK ("status" NOT IN ('agreed', 'closing') OR ("decided_by" <> "asked_by" AND "remove_at" IS NOT NULL)),
  CONSTRAINT "off_boarding_closing"
    CHECK (("status" = 'closing') = ("closing_at" IS NOT NULL AND "closing_index" IS NOT NULL))
);
SELECT raise_tenant_wall('off_boarding'::regclass);

-- What outlives a customer, for the legal period and not a day longer: that there was a contract, and a signed note
-- (C2SP) of what was removed. It refers to no customer, because there is none any more.
CREATE TABLE "contract_record" (
  "tenant_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "contract_ended_on" DATE NOT NULL,
  "kept_until" DATE NOT NULL,
  "removed_at" TIMESTAMPTZ(3) NOT NULL,
  "note" TEXT NOT NULL,
  CONSTRAINT "contract_record_pkey" PRIMARY KEY ("tenant_id")
);
COMMENT ON TABLE "contract_record" IS 'append-only: what was signed is evidence';
SELECT raise_tenant_wall('contract_record'::regclass);

-- The owner alone may list whose records there are; the runtime role asks through contract_record_tenants().
CREATE POLICY "record_list" ON "contract_record" FOR SELECT TO CURRENT_USER USING (true);

-- Reviewed: whose contract records there are, and nothing else of them.
CREATE FUNCTION "contract_record_tenants"() RETURNS SETOF UUID LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$ SELECT "tenant_id" FROM public."contract_record" ORDER BY "tenant_id" $$;
REVOKE ALL ON FUNCTION "contract_record_tenants"() FROM PUBLIC;

-- Reviewed: takes away the record of the customer of the transaction once its time is over.
CREATE FUNCTION "end_contract_record"("at" TIMESTAMPTZ) RETURNS BOOLEAN LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
BEGIN
  IF "tenant" IS NULL THEN
    RAISE EXCEPTION 'off-boarding: no customer is set' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF "at" > clock_timestamp() + interval '1 day' THEN
    RAISE EXCEPTION 'off-boarding: % has not come yet', "at" USING ERRCODE = 'check_violation';
  END IF;
  DELETE FROM public."contract_record" r WHERE r."tenant_id" = "tenant" AND r."kept_until" < "at"::date;
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION "end_contract_record"(TIMESTAMPTZ) FROM PUBLIC;

-- A tile goes with its whole customer only: "remove_customer" says so, and nobody but the owner is believed.
CREATE OR REPLACE FUNCTION "keep_tile"() RETURNS TRIGGER LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW."tenant_id", NEW."level", NEW."tile_index") = (OLD."tenant_id", OLD."level", OLD."tile_index")
    AND substring(NEW."hashes" FROM 1 FOR octet_length(OLD."hashes")) = OLD."hashes" THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('app.removed', true) = OLD."tenant_id"::text
    AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'proof: a tile only grows' USING ERRCODE = 'check_violation';
END $$;

-- Reviewed: takes away every row of the customer of the transaction, in every table that has a customer, and the
-- customer. The tables come from the catalogue, each before those that it refers to, so that none can be forgotten.
-- It looks itself whether two people agreed, the time has come, no hold stands, no cabinet is let in, nobody can sign
-- in and a checkpoint covers the whole trail. Answers how many rows went, by table.
CREATE FUNCTION "remove_customer"("at" TIMESTAMPTZ) RETURNS JSONB LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
  "leaving" public."off_boarding"%ROWTYPE;
  "newest" TIMESTAMPTZ;
  "next" BIGINT;
  "waiting" OID[];
  "free" OID[];
  "item" OID;
  "gone" BIGINT;
  "counts" JSONB := '{}';
BEGIN
  IF "tenant" IS NULL THEN
    RAISE EXCEPTION 'off-boarding: no customer is set' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT h."next_index" INTO "next" FROM public."tenant_head" h WHERE h."tenant_id" = "tenant" FOR UPDATE;
  SELECT o.* INTO "leaving" FROM public."off_boarding" o WHERE o."tenant_id" = "tenant" FOR UPDATE;
  IF NOT FOUND OR "leaving"."status" <> 'closing' OR "leaving"."remove_at" > "at" THEN
    RAISE EXCEPTION 'off-boarding: the customer is not leaving' USING ERRCODE = 'check_violation';
  END IF;
  -- The time may not be invented: not past the machine's time, or past the newest line.
  SELECT e."recorded_at" INTO "newest" FROM public."entry" e
    WHERE e."tenant_id" = "tenant" ORDER BY e."index" DESC LIMIT 1;
  IF "at" > greatest(clock_timestamp(), "newest") + interval '1 day' THEN
    RAISE EXCEPTION 'off-boarding: % has not come yet', "at" USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM public."legal_hold" h WHERE h."tenant_id" = "tenant" AND h."released_at" IS NULL) THEN
    RAISE EXCEPTION 'off-boarding: a legal hold stands' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM public."cabinet" c WHERE c."tenant_id" = "tenant" AND c."revoked_at" IS NULL)
    OR EXISTS (SELECT FROM public."membership" m WHERE m."tenant_id" = "tenant") THEN
    RAISE EXCEPTION 'off-boarding: somebody is still let in' USING ERRCODE = 'check_violation';
  END IF;
  IF "next" <> coalesce((SELECT max(c."size") FROM public."checkpoint" c WHERE c."tenant_id" = "tenant"), 0) THEN
    RAISE EXCEPTION 'off-boarding: the trail is not sealed to its end' USING ERRCODE = 'check_violation';
  END IF;

  PERFORM set_config('app.removed', "tenant"::text, true);
  SELECT array_agg(c.oid ORDER BY c.relname) INTO "waiting" FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> 'contract_record'
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped);
  WHILE cardinality("waiting") > 0 LOOP
    SELECT array_agg(w.id) INTO "free" FROM unnest("waiting") AS w(id) WHERE NOT EXISTS (
      SELECT FROM pg_constraint f
      WHERE f.contype = 'f' AND f.confrelid = w.id AND f.conrelid <> w.id AND f.conrelid = ANY ("waiting"));
    IF "free" IS NULL THEN
      RAISE EXCEPTION 'off-boarding: tables refer to each other in a ring' USING ERRCODE = 'check_violation';
    END IF;
    FOREACH "item" IN ARRAY "free" LOOP
      EXECUTE format('DELETE FROM %s WHERE tenant_id = $1', "item"::regclass) USING "tenant";
      GET DIAGNOSTICS "gone" = ROW_COUNT;
      IF "gone" > 0 THEN
        "counts" := "counts" || jsonb_build_object((SELECT c.relname FROM pg_class c WHERE c.oid = "item"), "gone");
      END IF;
    END LOOP;
    SELECT coalesce(array_agg(w.id), '{}') INTO "waiting" FROM unnest("waiting") AS w(id) WHERE w.id <> ALL ("free");
  END LOOP;
  DELETE FROM public."tenant" t WHERE t."id" = "tenant";
  PERFORM set_config('app.removed', '', true);
  RETURN "counts" || jsonb_build_object('tenant', 1);
END $$;
REVOKE ALL ON FUNCTION "remove_customer"(TIMESTAMPTZ) FROM PUBLIC;
