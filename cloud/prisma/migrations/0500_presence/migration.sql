-- Several ingest processes hear the states of one cabinet: when it was last heard of orders their news,
-- and a loss that is not yet a line of the trail waits here and not in one of them.
ALTER TABLE "cabinet_state"
  ADD COLUMN "heard_at" TIMESTAMPTZ(3),
  ADD COLUMN "left_at" TIMESTAMPTZ(3);
CREATE INDEX "cabinet_state_left_idx" ON "cabinet_state" ("tenant_id", "left_at") WHERE "left_at" IS NOT NULL;
