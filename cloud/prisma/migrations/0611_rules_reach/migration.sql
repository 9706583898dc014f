-- How far a change of the rules has come. A version holds all that the trail had said up to and with this index
-- when it was last compared with the facts; -1 for versions from before this was kept.
ALTER TABLE "rulebook_version" ADD COLUMN "covers_index" BIGINT NOT NULL DEFAULT -1;
-- The line of the trail with which the badge ended; null while it lasts.
ALTER TABLE "badge" ADD COLUMN "ended_index" BIGINT;
-- When a cabinet said that it works by a version, without walking through its lines.
CREATE INDEX "entry_rulebook_applied_idx" ON "entry" ("tenant_id", "cabinet_id", "index") WHERE "kind" = 'rulebook.applied';
