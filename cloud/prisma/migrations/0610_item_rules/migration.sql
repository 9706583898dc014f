-- What all items of a model, or all that are reserved for a group, take beyond what stands on the item itself.
CREATE TABLE "item_rule" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "id" UUID NOT NULL,
  "model" TEXT,
  "group_name" TEXT,
  "two_person" BOOLEAN NOT NULL DEFAULT false,
  "licences" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "note" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "item_rule_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "item_rule_model_or_group" CHECK (("model" IS NULL) <> ("group_name" IS NULL))
);
CREATE UNIQUE INDEX "item_rule_tenant_id_model_key" ON "item_rule" ("tenant_id", "model") WHERE "model" IS NOT NULL;
CREATE UNIQUE INDEX "item_rule_tenant_id_group_name_key" ON "item_rule" ("tenant_id", "group_name") WHERE "group_name" IS NOT NULL;

SELECT raise_tenant_wall('item_rule');

-- How many people have acknowledged each version of the notice, without walking through the trail.
CREATE INDEX "entry_notice_acknowledged_idx" ON "entry" ("tenant_id", "index") WHERE "kind" = 'notice.acknowledged';
