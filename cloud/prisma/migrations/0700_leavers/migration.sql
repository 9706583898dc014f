-- People leave. What lets them in ends at once; the name stays with the lines that it explains and goes with the last.

ALTER TABLE "person" DROP CONSTRAINT "person_status_check";
ALTER TABLE "person"
  ADD CONSTRAINT "person_status_check" CHECK ("status" IN ('active', 'suspended', 'left')),
  ADD COLUMN "left_at" TIMESTAMPTZ(3),
  ADD CONSTRAINT "person_left_check" CHECK (("status" = 'left') = ("left_at" IS NOT NULL));
