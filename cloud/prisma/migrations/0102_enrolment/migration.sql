-- One-time codes with which a cabinet comes to its credentials. The handle names the code and is no
-- secret; of the secret only the hash is kept. Rows stay as evidence.
CREATE TABLE "enrolment_code" (
  "tenant_id" UUID NOT NULL,
  "handle" TEXT NOT NULL CHECK ("handle" ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  "cabinet_id" UUID NOT NULL,
  "secret_hash" TEXT NOT NULL CHECK ("secret_hash" ~ '^[0-9a-f]{64}$'),
  "issued_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),
  "wrong_tries" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "enrolment_code_pkey" PRIMARY KEY ("tenant_id", "handle"),
  CONSTRAINT "enrolment_code_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id")
    REFERENCES "cabinet" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "enrolment_code_handle_idx" ON "enrolment_code" ("handle");
CREATE INDEX "enrolment_code_tenant_id_cabinet_id_idx" ON "enrolment_code" ("tenant_id", "cabinet_id");
SELECT raise_tenant_wall('enrolment_code'::regclass);

-- A cabinet that redeems a code has no customer yet. The owner alone may look a code up; the
-- runtime role asks for the customer of one handle and learns nothing else.
CREATE POLICY "code_lookup" ON "enrolment_code" FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION "enrolment_tenant"("wanted" TEXT) RETURNS SETOF UUID LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
    SELECT c."tenant_id" FROM public."enrolment_code" c WHERE c."handle" = "wanted" ORDER BY c."issued_at" DESC LIMIT 1 $$;
REVOKE ALL ON FUNCTION "enrolment_tenant"(TEXT) FROM PUBLIC;

-- Keys that a cabinet signed with before its present one. They verify what is on its way for a
-- while, and stay as evidence after that.
CREATE TABLE "cabinet_earlier_key" (
  "tenant_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "fingerprint" TEXT NOT NULL CHECK ("fingerprint" ~ '^[0-9a-f]{64}$'),
  "public_key" TEXT NOT NULL,
  "replaced_at" TIMESTAMPTZ(3) NOT NULL,
  "valid_until" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "cabinet_earlier_key_pkey" PRIMARY KEY ("tenant_id", "cabinet_id", "fingerprint"),
  CONSTRAINT "cabinet_earlier_key_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id")
    REFERENCES "cabinet" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
SELECT raise_tenant_wall('cabinet_earlier_key'::regclass);

-- The last command that was sent; a cabinet carries out none twice.
ALTER TABLE "cabinet" ADD COLUMN "command_counter" INTEGER NOT NULL DEFAULT 0;

-- The cloud's clock minus the cabinet's, measured when it said hello.
ALTER TABLE "cabinet_state" ADD COLUMN "clock_offset_ms" BIGINT;
