-- What was set aside is decided on by a person: adopted or rejected. A tag that nobody registered is set aside
-- too, one row for each tag.

ALTER TABLE "quarantine"
  ADD COLUMN "state" TEXT NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'adopted', 'rejected')),
  ADD COLUMN "epc" TEXT,
  ADD COLUMN "asset_id" UUID,
  ADD COLUMN "decided_by" UUID,
  ADD COLUMN "decided_at" TIMESTAMPTZ(3),
  ADD COLUMN "note" TEXT;
CREATE INDEX "quarantine_tenant_id_state_at_idx" ON "quarantine" ("tenant_id", "state", "at" DESC);
CREATE INDEX "quarantine_tenant_id_epc_idx" ON "quarantine" ("tenant_id", "epc") WHERE "epc" IS NOT NULL;

-- Whoever adopts a tag asks what was recorded of it while it was nobody's.
CREATE INDEX "entry_unbound_tag_idx" ON "entry" ("tenant_id", ("data"->>'epc'), "recorded_at")
  WHERE "asset_id" IS NULL AND "data"->>'epc' IS NOT NULL;
