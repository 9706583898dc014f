-- The newest alarm of each kind about each thing, and the newest word of somebody who looks after one: folds of
-- the trail like custody. Whether an alarm still needs somebody is decided when it is read. Lines from before
-- these tables come in with a rebuild.
CREATE TABLE "alarm" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "kind" TEXT NOT NULL,
  -- The asset that it is about, or the cabinet where it is about none.
  "subject_id" UUID NOT NULL,
  -- The line that says so; both lead to its partition.
  "index" BIGINT NOT NULL,
  "recorded_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "alarm_pkey" PRIMARY KEY ("tenant_id", "kind", "subject_id")
);
SELECT raise_tenant_wall('alarm'::regclass);

CREATE TABLE "acknowledgement" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  -- What somebody looks after, as the list of what needs somebody names it, and as it stood then.
  "about" TEXT NOT NULL,
  "mark" TEXT NOT NULL,
  -- The line that says so; who it was and what they remarked stands there alone.
  "index" BIGINT NOT NULL,
  CONSTRAINT "acknowledgement_pkey" PRIMARY KEY ("tenant_id", "about")
);
SELECT raise_tenant_wall('acknowledgement'::regclass);

-- The lines that may be alarms, without walking through the others.
CREATE INDEX "entry_alarm_idx" ON "entry" ("tenant_id", (coalesce("asset_id", "cabinet_id")), "index") WHERE "kind" IN (
  'take.forbidden', 'door.left_open', 'checkpoint.refused', 'journal.damaged', 'journal.forked', 'command.refused',
  'asset.reported', 'kit.incomplete')
  OR ("kind" = 'session.opened' AND "data"->>'signed' = 'false');
CREATE INDEX "entry_acknowledged_idx" ON "entry" ("tenant_id", "index") WHERE "kind" = 'attention.acknowledged';
