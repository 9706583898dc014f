-- The version of the folds that a customer's projections were made with; 0 for those of before this migration.
-- The jobs of the cloud fold a trail anew whose version is not the one that they know.
ALTER TABLE "tenant_head" ADD COLUMN "projections" INTEGER NOT NULL DEFAULT 0;
