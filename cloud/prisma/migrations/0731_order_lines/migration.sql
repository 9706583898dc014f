-- The lines of an order are found from the order, as those of a person, an asset or a cabinet are.
CREATE INDEX "entry_order_idx" ON "entry" ("tenant_id", "order_id", "index" DESC) WHERE "order_id" IS NOT NULL;

-- Names every schema and sets no path, so that the planner can look into it.
-- Whether a hold covers an entry. Of a session, all lines belong to its person, and to every order that was chosen in it.
CREATE OR REPLACE FUNCTION "entry_is_held"("e" "entry") RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM public."legal_hold" h
    WHERE h."tenant_id" = e."tenant_id" AND h."released_at" IS NULL AND CASE h."kind"
      WHEN 'person' THEN e."actor_id" = h."subject_id" OR e."counterpart_id" = h."subject_id"
        OR position(h."subject_text" IN e."data"::text) > 0
        OR e."session_id" IN (SELECT s."id" FROM public."cabinet_session" s
          WHERE s."tenant_id" = h."tenant_id" AND s."person_id" = h."subject_id")
      WHEN 'asset' THEN e."asset_id" = h."subject_id" OR EXISTS (SELECT 1 FROM public."tag_binding" b
          WHERE b."tenant_id" = h."tenant_id" AND b."asset_id" = h."subject_id" AND position(b."epc" IN e."data"::text) > 0)
      WHEN 'order' THEN e."order_id" = h."subject_id" OR position(h."subject_text" IN e."data"::text) > 0
        OR e."session_id" IN (SELECT o."session_id" FROM public."entry" o
          WHERE o."tenant_id" = h."tenant_id" AND o."order_id" = h."subject_id")
      WHEN 'site' THEN e."site_id" = h."subject_id"
      WHEN 'period' THEN (e."recorded_at" >= h."from_at" AND e."recorded_at" < h."to_at")
        OR (e."occurred_at" >= h."from_at" AND e."occurred_at" < h."to_at")
      -- What nobody understands holds everything.
      ELSE true END) $$;

-- An order that is nowhere holds nothing: a hold on it cannot have been meant, so nothing goes while it stands.
CREATE OR REPLACE FUNCTION "check_holds"() RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  "tenant" UUID := nullif(current_setting('app.tenant', true), '')::uuid;
  "bad" UUID;
BEGIN
  SELECT h."id" INTO "bad" FROM public."legal_hold" h
  WHERE h."tenant_id" = "tenant" AND h."released_at" IS NULL AND NOT coalesce(CASE h."kind"
    WHEN 'person' THEN h."subject_text" <> '' AND EXISTS (
      SELECT 1 FROM public."person" p WHERE p."tenant_id" = "tenant" AND p."id" = h."subject_id")
    WHEN 'asset' THEN EXISTS (SELECT 1 FROM public."asset" a WHERE a."tenant_id" = "tenant" AND a."id" = h."subject_id")
    WHEN 'site' THEN EXISTS (SELECT 1 FROM public."site" s WHERE s."tenant_id" = "tenant" AND s."id" = h."subject_id")
    WHEN 'order' THEN h."subject_text" <> '' AND (
      EXISTS (SELECT 1 FROM public."work_order" w WHERE w."tenant_id" = "tenant" AND w."id" = h."subject_id")
      OR EXISTS (SELECT 1 FROM public."entry" e WHERE e."tenant_id" = "tenant" AND e."order_id" = h."subject_id"))
    WHEN 'period' THEN h."from_at" < h."to_at"
    ELSE false END, false)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'retention: the hold % cannot be read', "bad" USING ERRCODE = 'TT001';
  END IF;
END $$;
