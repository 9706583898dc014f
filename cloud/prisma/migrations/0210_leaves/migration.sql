-- Each entry has a leaf of the customer's Merkle tree (RFC 6962): the hash of everything in it, with
-- a salted commitment in place of what is personal. "salts" go when the personal values go; then the
-- commitments stay and the leaf still follows from the row. Both are JSON objects by field name.
-- "leaf" is null only in rows that are older than this migration, until the owner has filled it.
ALTER TABLE "entry" ADD COLUMN "leaf" BYTEA CHECK (octet_length("leaf") = 32);
ALTER TABLE "entry" ADD COLUMN "salts" JSONB;
ALTER TABLE "entry" ADD COLUMN "commitments" JSONB;
