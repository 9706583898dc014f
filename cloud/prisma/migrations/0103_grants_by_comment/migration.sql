-- What the runtime role may do with a table is said by the first word of the table's comment:
--   append-only   it may read and add rows
--   read-only     it may read
--   owner-only    it may do nothing; reviewed functions speak for the table
-- and without one of these words it may read, add, change and delete. Run by the owner at every start.
COMMENT ON TABLE "entry" IS 'append-only: the trail';
COMMENT ON TABLE "retention_run" IS 'append-only: receipts';

CREATE OR REPLACE FUNCTION "grant_runtime"("role" NAME) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  "item" RECORD;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', "role");
  FOR "item" IN
    SELECT c.oid::regclass AS "name", substring(obj_description(c.oid, 'pg_class') FROM '^[a-z]+-only') AS "rights"
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> '_prisma_migrations'
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', "item"."name", "role");
    CASE "item"."rights"
      WHEN 'append-only' THEN EXECUTE format('GRANT SELECT, INSERT ON %s TO %I', "item"."name", "role");
      WHEN 'read-only' THEN EXECUTE format('GRANT SELECT ON %s TO %I', "item"."name", "role");
      WHEN 'owner-only' THEN NULL;
      ELSE EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', "item"."name", "role");
    END CASE;
  END LOOP;
  FOR "item" IN
    SELECT p.oid::regprocedure AS "name" FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', "item"."name");
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', "item"."name", "role");
  END LOOP;
  GRANT SELECT ON public."_prisma_migrations" TO PUBLIC;
END $$;
REVOKE ALL ON FUNCTION "grant_runtime"(NAME) FROM PUBLIC;
