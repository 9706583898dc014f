-- Tables --------------------------------------------------------------------------------------

CREATE TABLE "tenant" (
  "id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "badge_key" TEXT NOT NULL CHECK ("badge_key" ~ '^[0-9a-f]{64}$'),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "tenant_head" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "next_index" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "tenant_head_pkey" PRIMARY KEY ("tenant_id")
);

CREATE TABLE "site" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "time_zone" TEXT NOT NULL DEFAULT 'UTC',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "site_pkey" PRIMARY KEY ("tenant_id", "id")
);

CREATE TABLE "cabinet" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "site_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "doors" INTEGER NOT NULL DEFAULT 1,
  "secret_hash" TEXT NOT NULL CHECK ("secret_hash" ~ '^[0-9a-f]{64}$'),
  "public_key" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "cabinet_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "cabinet_tenant_id_site_id_fkey" FOREIGN KEY ("tenant_id", "site_id")
    REFERENCES "site" ("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "cabinet_tenant_id_site_id_idx" ON "cabinet" ("tenant_id", "site_id");

CREATE TABLE "person" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "name" TEXT,
  "display_name" TEXT,
  "language" TEXT NOT NULL DEFAULT 'en' CHECK ("language" IN ('en', 'fr')),
  "status" TEXT NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'suspended')),
  "groups" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "valid_until" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "person_pkey" PRIMARY KEY ("tenant_id", "id")
);

CREATE TABLE "badge" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "person_id" UUID NOT NULL,
  "number_hash" TEXT NOT NULL CHECK ("number_hash" ~ '^[0-9a-f]{64}$'),
  "ends_with" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'lost', 'revoked')),
  "valid_until" TIMESTAMPTZ(3),
  "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "badge_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "badge_tenant_id_person_id_fkey" FOREIGN KEY ("tenant_id", "person_id")
    REFERENCES "person" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "badge_tenant_id_person_id_idx" ON "badge" ("tenant_id", "person_id");
CREATE INDEX "badge_tenant_id_number_hash_idx" ON "badge" ("tenant_id", "number_hash");
-- One living badge for a number: a re-issued card never answers for two people.
CREATE UNIQUE INDEX "badge_active_number_key" ON "badge" ("tenant_id", "number_hash") WHERE "status" = 'active';

CREATE TABLE "asset" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "model" TEXT,
  "serial" TEXT,
  "home_cabinet_id" UUID,
  "groups" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "status" TEXT NOT NULL DEFAULT 'available' CHECK ("status" IN ('available', 'quarantine', 'retired')),
  "calibration_due_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "asset_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "asset_home_cabinet_fkey" FOREIGN KEY ("tenant_id", "home_cabinet_id")
    REFERENCES "cabinet" ("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "asset_tenant_id_home_cabinet_id_idx" ON "asset" ("tenant_id", "home_cabinet_id");

CREATE TABLE "tag_binding" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "epc" TEXT NOT NULL,
  "asset_id" UUID NOT NULL,
  "bound_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "unbound_at" TIMESTAMPTZ(3),
  CONSTRAINT "tag_binding_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "tag_binding_tenant_id_asset_id_fkey" FOREIGN KEY ("tenant_id", "asset_id")
    REFERENCES "asset" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "tag_binding_tenant_id_asset_id_idx" ON "tag_binding" ("tenant_id", "asset_id");
CREATE UNIQUE INDEX "tag_binding_open_epc_key" ON "tag_binding" ("tenant_id", "epc") WHERE "unbound_at" IS NULL;

CREATE TABLE "rulebook_version" (
  "tenant_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "version" INTEGER NOT NULL,
  "digest" TEXT NOT NULL,
  "content_digest" TEXT NOT NULL,
  "issued_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "rulebook_version_pkey" PRIMARY KEY ("tenant_id", "cabinet_id", "version"),
  CONSTRAINT "rulebook_version_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id")
    REFERENCES "cabinet" ("tenant_id", "id")
);

CREATE TABLE "stream" (
  "tenant_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "log_id" TEXT NOT NULL,
  "next_seq" BIGINT NOT NULL DEFAULT 1,
  "chain" TEXT NOT NULL,
  "effective_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_received_at" TIMESTAMPTZ(3),
  CONSTRAINT "stream_pkey" PRIMARY KEY ("tenant_id", "cabinet_id", "log_id"),
  CONSTRAINT "stream_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id") REFERENCES "cabinet" ("tenant_id", "id")
);

CREATE TABLE "entry" (
  "tenant_id" UUID NOT NULL,
  "index" BIGINT NOT NULL,
  "recorded_at" TIMESTAMPTZ(3) NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "effective_at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "category" TEXT NOT NULL,
  "source" TEXT NOT NULL CHECK ("source" IN ('cabinet', 'cloud')),
  "status" TEXT NOT NULL DEFAULT 'accepted' CHECK ("status" IN ('accepted', 'quarantined')),
  "site_id" UUID,
  "cabinet_id" UUID,
  "actor_id" UUID,
  "counterpart_id" UUID,
  "asset_id" UUID,
  "session_id" UUID,
  "order_id" UUID,
  "log_id" TEXT,
  "seq" BIGINT,
  "chain" TEXT,
  "data" JSONB NOT NULL,
  "origin" JSONB,
  CONSTRAINT "entry_pkey" PRIMARY KEY ("tenant_id", "index", "recorded_at")
) PARTITION BY RANGE ("recorded_at");
CREATE TABLE "entry_default" PARTITION OF "entry" DEFAULT;
CREATE INDEX "entry_tenant_id_actor_id_index_idx" ON "entry" ("tenant_id", "actor_id", "index" DESC);
CREATE INDEX "entry_tenant_id_counterpart_id_index_idx" ON "entry" ("tenant_id", "counterpart_id", "index" DESC);
CREATE INDEX "entry_tenant_id_asset_id_index_idx" ON "entry" ("tenant_id", "asset_id", "index" DESC);
CREATE INDEX "entry_tenant_id_cabinet_id_index_idx" ON "entry" ("tenant_id", "cabinet_id", "index" DESC);
CREATE INDEX "entry_tenant_id_session_id_index_idx" ON "entry" ("tenant_id", "session_id", "index" DESC);
-- A second arrival of a sequence is compared with the first one's chain value.
CREATE INDEX "entry_stream_idx" ON "entry" ("tenant_id", "log_id", "seq") WHERE "log_id" IS NOT NULL;

CREATE TABLE "custody" (
  "tenant_id" UUID NOT NULL,
  "asset_id" UUID NOT NULL,
  "state" TEXT NOT NULL CHECK ("state" IN ('in', 'out', 'unknown')),
  "holder_id" UUID,
  "cabinet_id" UUID,
  "session_id" UUID,
  "since" TIMESTAMPTZ(3) NOT NULL,
  "disputed" BOOLEAN NOT NULL DEFAULT false,
  "missing_since" TIMESTAMPTZ(3),
  "moved" BOOLEAN NOT NULL,
  "effective_at" TIMESTAMPTZ(3) NOT NULL,
  "log_id" TEXT NOT NULL,
  "seq" BIGINT NOT NULL,
  CONSTRAINT "custody_pkey" PRIMARY KEY ("tenant_id", "asset_id"),
  CONSTRAINT "custody_tenant_id_asset_id_fkey" FOREIGN KEY ("tenant_id", "asset_id")
    REFERENCES "asset" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "custody_tenant_id_holder_id_idx" ON "custody" ("tenant_id", "holder_id");
CREATE INDEX "custody_tenant_id_cabinet_id_idx" ON "custody" ("tenant_id", "cabinet_id");

CREATE TABLE "sighting" (
  "tenant_id" UUID NOT NULL,
  "asset_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "missing_since" TIMESTAMPTZ(3),
  "effective_at" TIMESTAMPTZ(3) NOT NULL,
  "seq" BIGINT NOT NULL,
  CONSTRAINT "sighting_pkey" PRIMARY KEY ("tenant_id", "asset_id", "cabinet_id")
);

CREATE TABLE "cabinet_state" (
  "tenant_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "last_seen_at" TIMESTAMPTZ(3),
  "online" BOOLEAN NOT NULL DEFAULT false,
  "agent_version" TEXT,
  "body" JSONB,
  "session_id" UUID,
  "session_person_id" UUID,
  "session_opened_at" TIMESTAMPTZ(3),
  "last_session_id" UUID,
  "last_session_person_id" UUID,
  "last_session_closed_at" TIMESTAMPTZ(3),
  "last_session_taken" INTEGER,
  "last_session_returned" INTEGER,
  "counted_at" TIMESTAMPTZ(3),
  "present_count" INTEGER,
  CONSTRAINT "cabinet_state_pkey" PRIMARY KEY ("tenant_id", "cabinet_id"),
  CONSTRAINT "cabinet_state_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id")
    REFERENCES "cabinet" ("tenant_id", "id") ON DELETE CASCADE
);

CREATE TABLE "cabinet_session" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "person_id" UUID,
  "signed" BOOLEAN NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "outcome" TEXT NOT NULL DEFAULT 'open',
  "taken" INTEGER NOT NULL DEFAULT 0,
  "returned" INTEGER NOT NULL DEFAULT 0,
  "disputed" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "cabinet_session_pkey" PRIMARY KEY ("tenant_id", "id")
);
CREATE INDEX "cabinet_session_tenant_id_cabinet_id_opened_at_idx" ON "cabinet_session" ("tenant_id", "cabinet_id", "opened_at" DESC);
CREATE INDEX "cabinet_session_tenant_id_person_id_opened_at_idx" ON "cabinet_session" ("tenant_id", "person_id", "opened_at" DESC);
CREATE INDEX "cabinet_session_tenant_id_opened_at_id_idx" ON "cabinet_session" ("tenant_id", "opened_at" DESC, "id" DESC);

CREATE TABLE "quarantine" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "occurrences" INTEGER NOT NULL DEFAULT 1,
  "cabinet_id" UUID,
  "log_id" TEXT,
  "seq" BIGINT,
  "reason" TEXT NOT NULL,
  "detail" TEXT NOT NULL,
  "payload" JSONB,
  "digest" TEXT NOT NULL,
  CONSTRAINT "quarantine_pkey" PRIMARY KEY ("tenant_id", "id")
);
CREATE UNIQUE INDEX "quarantine_tenant_id_digest_key" ON "quarantine" ("tenant_id", "digest");
CREATE INDEX "quarantine_tenant_id_at_idx" ON "quarantine" ("tenant_id", "at" DESC);

CREATE TABLE "auth_user" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "email_verified" BOOLEAN NOT NULL DEFAULT false,
  "image" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "auth_user_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "auth_user_email_key" ON "auth_user" ("email");

CREATE TABLE "auth_sign_in" (
  "id" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "token" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ip_address" TEXT,
  "user_agent" TEXT,
  "user_id" TEXT NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "auth_sign_in_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "auth_sign_in_token_key" ON "auth_sign_in" ("token");
CREATE INDEX "auth_sign_in_user_id_idx" ON "auth_sign_in" ("user_id");

CREATE TABLE "auth_account" (
  "id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "provider_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "access_token" TEXT,
  "refresh_token" TEXT,
  "id_token" TEXT,
  "access_token_expires_at" TIMESTAMPTZ(3),
  "refresh_token_expires_at" TIMESTAMPTZ(3),
  "scope" TEXT,
  "password" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "auth_account_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "auth_account_user_id_idx" ON "auth_account" ("user_id");

CREATE TABLE "auth_verification" (
  "id" TEXT NOT NULL,
  "identifier" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "auth_verification_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "auth_verification_identifier_idx" ON "auth_verification" ("identifier");

CREATE TABLE "membership" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "user_id" TEXT NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE,
  "role" TEXT NOT NULL CHECK ("role" IN ('admin', 'manager', 'viewer')),
  "site_ids" UUID[] DEFAULT ARRAY[]::UUID[],
  "all_sites" BOOLEAN NOT NULL DEFAULT true,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "membership_pkey" PRIMARY KEY ("tenant_id", "user_id")
);
CREATE INDEX "membership_user_id_idx" ON "membership" ("user_id");

CREATE TABLE "retention_rule" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "category" TEXT NOT NULL,
  "keep_days" INTEGER CHECK ("keep_days" >= 1),
  "action" TEXT NOT NULL CHECK ("action" IN ('delete', 'pseudonymise')),
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "retention_rule_pkey" PRIMARY KEY ("tenant_id", "category")
);

CREATE TABLE "retention_run" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "category" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "before" TIMESTAMPTZ(3) NOT NULL,
  "entries" INTEGER NOT NULL,
  "first_index" BIGINT,
  "last_index" BIGINT,
  "ran_at" TIMESTAMPTZ(3) NOT NULL,
  "index" BIGINT NOT NULL,
  CONSTRAINT "retention_run_pkey" PRIMARY KEY ("tenant_id", "id")
);

-- Row-level security --------------------------------------------------------------------------
-- After SET LOCAL ends, the setting is '' and not NULL; nullif makes both mean "no tenant, no rows".

ALTER TABLE "tenant" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY;
CREATE POLICY "tenant_wall" ON "tenant"
  USING ("id" = nullif(current_setting('app.tenant', true), '')::uuid)
  WITH CHECK ("id" = nullif(current_setting('app.tenant', true), '')::uuid);

-- Reviewed: puts a table with tenant_id behind the wall. Later migrations call it for their tables.
CREATE FUNCTION "raise_tenant_wall"("name" regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', "name");
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', "name");
  EXECUTE format(
    'CREATE POLICY "tenant_wall" ON %s
       USING ("tenant_id" = nullif(current_setting(''app.tenant'', true), '''')::uuid)
       WITH CHECK ("tenant_id" = nullif(current_setting(''app.tenant'', true), '''')::uuid)', "name");
END $$;

SELECT raise_tenant_wall("name"::regclass) FROM unnest(ARRAY[
  'tenant_head', 'site', 'cabinet', 'person', 'badge', 'asset', 'tag_binding', 'rulebook_version', 'stream', 'entry',
  'entry_default', 'custody', 'sighting', 'cabinet_state', 'cabinet_session', 'quarantine', 'membership',
  'retention_rule', 'retention_run']) AS "name";

-- A user finds the own customers before one is chosen.
CREATE POLICY "own_membership" ON "membership" FOR SELECT
  USING ("user_id" = nullif(current_setting('app.user', true), ''));

-- The owner alone may list the customers' ids; the runtime role asks through tenant_ids().
CREATE POLICY "tenant_list" ON "tenant" FOR SELECT TO CURRENT_USER USING (true);

-- Reviewed functions with the owner's rights --------------------------------------------------

-- The ids of all customers and nothing else: for jobs that walk through them one by one.
CREATE FUNCTION "tenant_ids"() RETURNS SETOF UUID LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$ SELECT "id" FROM public."tenant" ORDER BY "id" $$;

-- Makes the partition of the month of "at" unless it stands or the default one holds rows of that month.
CREATE FUNCTION "ensure_entry_partition"("at" TIMESTAMPTZ) RETURNS BOOLEAN LANGUAGE plpgsql SECURITY DEFINER
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
  BEGIN
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.entry FOR VALUES FROM (%L) TO (%L)', "name", "from_at", "to_at");
  EXCEPTION WHEN check_violation THEN
    RETURN false;
  END;
  PERFORM raise_tenant_wall(("name")::regclass);
  RETURN true;
END $$;

-- What the runtime role may do; run by the owner at every start, so that new tables are covered.
-- The trail and its receipts can be read and added to, never changed: append-only by grant.
CREATE FUNCTION "grant_runtime"("role" NAME) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  "item" RECORD;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', "role");
  FOR "item" IN
    SELECT c.oid::regclass AS "name", c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> '_prisma_migrations'
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', "item"."name", "role");
    IF "item".relname IN ('entry', 'retention_run') THEN
      EXECUTE format('GRANT SELECT, INSERT ON %s TO %I', "item"."name", "role");
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', "item"."name", "role");
    END IF;
  END LOOP;
  FOR "item" IN
    SELECT p.oid::regprocedure AS "name" FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', "item"."name");
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', "item"."name", "role");
  END LOOP;
  GRANT SELECT ON public."_prisma_migrations" TO PUBLIC;
END $$;
REVOKE ALL ON FUNCTION "tenant_ids"() FROM PUBLIC;
REVOKE ALL ON FUNCTION "ensure_entry_partition"(TIMESTAMPTZ) FROM PUBLIC;
REVOKE ALL ON FUNCTION "raise_tenant_wall"(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION "grant_runtime"(NAME) FROM PUBLIC;
