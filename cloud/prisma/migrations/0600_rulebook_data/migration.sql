-- What rulebooks are made of besides people, badges and items: PINs, licences, rights, kits, orders, notices.

ALTER TABLE "tenant" ADD COLUMN "calibration_warn_days" INTEGER NOT NULL DEFAULT 14
  CHECK ("calibration_warn_days" BETWEEN 0 AND 365);
ALTER TABLE "cabinet" ADD COLUMN "two_person_to_open" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "person" ADD COLUMN "sees_holders" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "asset"
  ADD COLUMN "licences" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "two_person" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "place" TEXT,
  ADD COLUMN "inspected_at" TIMESTAMPTZ(3);

-- Until now it was looked up in the trail, for every item at every new rulebook.
UPDATE "asset" a SET "inspected_at" = i."at" FROM (
  SELECT e."tenant_id", e."asset_id", max(e."recorded_at") AS "at" FROM "entry" e
  WHERE e."kind" = 'asset.updated' AND e."status" = 'accepted' AND e."data"->'change'->'status'->>'to' = 'available'
  GROUP BY 1, 2
) AS i WHERE a."tenant_id" = i."tenant_id" AND a."id" = i."asset_id";

CREATE TABLE "person_pin" (
  "tenant_id" UUID NOT NULL,
  "person_id" UUID NOT NULL,
  "number_hash" TEXT NOT NULL,
  "salt" TEXT NOT NULL,
  "pin_hash" TEXT NOT NULL,
  "set_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "person_pin_pkey" PRIMARY KEY ("tenant_id", "person_id"),
  CONSTRAINT "person_pin_number_hash_key" UNIQUE ("tenant_id", "number_hash"),
  CONSTRAINT "person_pin_person_fkey" FOREIGN KEY ("tenant_id", "person_id")
    REFERENCES "person" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);

CREATE TABLE "person_licence" (
  "tenant_id" UUID NOT NULL,
  "person_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "valid_until" TIMESTAMPTZ(3),
  CONSTRAINT "person_licence_pkey" PRIMARY KEY ("tenant_id", "person_id", "name"),
  CONSTRAINT "person_licence_person_fkey" FOREIGN KEY ("tenant_id", "person_id")
    REFERENCES "person" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);

CREATE TABLE "take_grant" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "effect" TEXT NOT NULL CHECK ("effect" IN ('allow', 'deny')),
  "person_id" UUID,
  "group_name" TEXT,
  "asset_ids" UUID[],
  "model" TEXT,
  "windows" JSONB,
  "valid_until" TIMESTAMPTZ(3),
  "note" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "take_grant_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "take_grant_person_fkey" FOREIGN KEY ("tenant_id", "person_id")
    REFERENCES "person" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "take_grant_tenant_id_person_id_idx" ON "take_grant" ("tenant_id", "person_id");

CREATE TABLE "kit_child" (
  "tenant_id" UUID NOT NULL,
  "child_id" UUID NOT NULL,
  "kit_id" UUID NOT NULL,
  CONSTRAINT "kit_child_pkey" PRIMARY KEY ("tenant_id", "child_id"),
  CONSTRAINT "kit_child_child_fkey" FOREIGN KEY ("tenant_id", "child_id")
    REFERENCES "asset" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT "kit_child_kit_fkey" FOREIGN KEY ("tenant_id", "kit_id")
    REFERENCES "asset" ("tenant_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "kit_child_tenant_id_kit_id_idx" ON "kit_child" ("tenant_id", "kit_id");

CREATE TABLE "work_order" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "number" TEXT NOT NULL,
  "title" TEXT,
  "state" TEXT NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'closed')),
  "person_ids" UUID[],
  "cabinet_ids" UUID[],
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  CONSTRAINT "work_order_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "work_order_number_key" UNIQUE ("tenant_id", "number")
);

CREATE TABLE "privacy_notice" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "version" INTEGER NOT NULL,
  "text_en" TEXT NOT NULL,
  "text_fr" TEXT NOT NULL,
  "changes_en" TEXT[] NOT NULL,
  "changes_fr" TEXT[] NOT NULL,
  "contact" TEXT,
  "published_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "privacy_notice_pkey" PRIMARY KEY ("tenant_id", "version")
);
COMMENT ON TABLE "privacy_notice" IS 'append-only: who acknowledged a version must be able to read it again';

-- Every version is one of the rules; who holds what travels beside them.
ALTER TABLE "rulebook_version" DROP COLUMN "digest";

SELECT raise_tenant_wall("name"::regclass) FROM unnest(ARRAY[
  'person_pin', 'person_licence', 'take_grant', 'kit_child', 'work_order', 'privacy_notice']) AS "name";
