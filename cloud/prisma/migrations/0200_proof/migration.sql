-- The customer's Merkle tree over all entries (RFC 6962), in tiles of 256 hashes (C2SP tlog-tiles).
-- Tiles keep the leaf of an entry after the entry itself has gone.
CREATE TABLE "tile" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "level" INTEGER NOT NULL CHECK ("level" BETWEEN 0 AND 6),
  "tile_index" BIGINT NOT NULL CHECK ("tile_index" >= 0),
  "hashes" BYTEA NOT NULL CHECK (octet_length("hashes") % 32 = 0 AND octet_length("hashes") BETWEEN 32 AND 8192),
  CONSTRAINT "tile_pkey" PRIMARY KEY ("tenant_id", "level", "tile_index")
);
SELECT raise_tenant_wall('tile'::regclass);

-- A tile may only grow by being extended, and never goes.
CREATE FUNCTION "keep_tile"() RETURNS TRIGGER LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW."tenant_id", NEW."level", NEW."tile_index") = (OLD."tenant_id", OLD."level", OLD."tile_index")
    AND substring(NEW."hashes" FROM 1 FOR octet_length(OLD."hashes")) = OLD."hashes" THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'proof: a tile only grows' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER "tile_only_grows" BEFORE UPDATE OR DELETE ON "tile" FOR EACH ROW EXECUTE FUNCTION "keep_tile"();

-- The public keys that sign a customer's checkpoints, as C2SP note keys; the private ones are never here.
CREATE TABLE "log_key" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "note_key" TEXT NOT NULL,
  "since_size" BIGINT NOT NULL CHECK ("since_size" >= 0),
  "added_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "log_key_pkey" PRIMARY KEY ("tenant_id", "note_key")
);
COMMENT ON TABLE "log_key" IS 'append-only: who signed is evidence';
SELECT raise_tenant_wall('log_key'::regclass);

-- One for each size at most: two roots of one size cannot be stored.
CREATE TABLE "checkpoint" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id"),
  "size" BIGINT NOT NULL CHECK ("size" >= 1),
  "root" BYTEA NOT NULL CHECK (octet_length("root") = 32),
  "note" TEXT NOT NULL,
  "signed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("tenant_id", "size")
);
COMMENT ON TABLE "checkpoint" IS 'append-only: what was signed is evidence';
SELECT raise_tenant_wall('checkpoint'::regclass);

-- What cabinets cosigned (C2SP cosignature/v1): the line of the note.
CREATE TABLE "witness_signature" (
  "tenant_id" UUID NOT NULL,
  "size" BIGINT NOT NULL,
  "cabinet_id" UUID NOT NULL,
  "line" TEXT NOT NULL,
  "signed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "witness_signature_pkey" PRIMARY KEY ("tenant_id", "size", "cabinet_id"),
  CONSTRAINT "witness_signature_checkpoint_fkey" FOREIGN KEY ("tenant_id", "size") REFERENCES "checkpoint" ("tenant_id", "size"),
  CONSTRAINT "witness_signature_cabinet_fkey" FOREIGN KEY ("tenant_id", "cabinet_id") REFERENCES "cabinet" ("tenant_id", "id")
);
COMMENT ON TABLE "witness_signature" IS 'append-only: what was cosigned is evidence';
SELECT raise_tenant_wall('witness_signature'::regclass);
