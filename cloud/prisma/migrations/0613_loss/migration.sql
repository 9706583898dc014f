-- Tools that somebody says are lost for good, until a second person has decided. Who asked and who decided, and
-- their words, stand in the lines of the trail alone.
CREATE TABLE "loss" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "asset_id" UUID NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'waiting' CHECK ("status" IN ('waiting', 'confirmed', 'rejected', 'withdrawn')),
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  "asked_index" BIGINT NOT NULL,
  "decided_index" BIGINT,
  CONSTRAINT "loss_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "loss_asset_fkey" FOREIGN KEY ("tenant_id", "asset_id") REFERENCES "asset" ("tenant_id", "id") ON DELETE CASCADE,
  CONSTRAINT "loss_decided" CHECK (("status" = 'waiting') = ("decided_index" IS NULL))
);
-- One question at a time about a tool.
CREATE UNIQUE INDEX "loss_waiting_key" ON "loss" ("tenant_id", "asset_id") WHERE "status" = 'waiting';
SELECT raise_tenant_wall('loss'::regclass);
