-- What is wrong with what cabinets send, as long as it lasts: a fold of the trail like custody. The lines
-- that opened and closed it stay in the trail.
CREATE TABLE "incident" (
  "tenant_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('stream_gap', 'clone_suspected')),
  -- The log that it is about; empty where it is about the cabinet.
  "log_id" TEXT NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,
  -- The line that opened it, and what it says.
  "opened_index" BIGINT NOT NULL,
  "detail" JSONB NOT NULL,
  CONSTRAINT "incident_pkey" PRIMARY KEY ("tenant_id", "cabinet_id", "kind", "log_id"),
  CONSTRAINT "incident_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id") REFERENCES "cabinet" ("tenant_id", "id") ON DELETE CASCADE
);
SELECT raise_tenant_wall('incident'::regclass);

-- Logs that the cloud has asked for again from a sequence, and since when in this connection: what does not
-- come within a minute is an incident. Waiting rows, no part of the trail.
CREATE TABLE "stream_gap" (
  "tenant_id" UUID NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "log_id" TEXT NOT NULL,
  "from_seq" BIGINT NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "stream_gap_pkey" PRIMARY KEY ("tenant_id", "cabinet_id", "log_id"),
  CONSTRAINT "stream_gap_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id") REFERENCES "cabinet" ("tenant_id", "id") ON DELETE CASCADE
);
SELECT raise_tenant_wall('stream_gap'::regclass);

-- The last starts of the agent that said hello, newest first, and since when the newest is heard: a start that
-- comes back after another one is a second device with the same identity.
ALTER TABLE "cabinet_state"
  ADD COLUMN "boots" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "booted_at" TIMESTAMPTZ(3);
