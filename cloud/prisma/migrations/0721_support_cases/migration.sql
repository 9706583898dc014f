-- What a customer asks for help with. The words may name people, so that a case has a clock of its own: the
-- retention job deletes it 180 days after it was closed. The trail says that it was opened and closed, without the words.
CREATE TABLE "support_case" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'open' CHECK ("status" IN ('open', 'closed')),
  "subject" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  "outcome" TEXT,
  -- The line of the trail that says who agreed to a diagnostic file with names.
  "consent_index" BIGINT,
  "opened_by" UUID NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_by" UUID,
  "closed_at" TIMESTAMPTZ(3),
  CONSTRAINT "support_case_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "support_case_closed" CHECK (("status" = 'closed') = ("closed_at" IS NOT NULL))
);
CREATE INDEX "support_case_tenant_id_closed_at_idx" ON "support_case" ("tenant_id", "closed_at");
SELECT raise_tenant_wall('support_case'::regclass);
