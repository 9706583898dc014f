-- A count names every tag that it read, and each is looked up as it was bound at that time: also bindings that have
-- ended, which the unique index of the open ones leaves out.
CREATE INDEX "tag_binding_tenant_id_epc_bound_at_idx" ON "tag_binding" ("tenant_id", "epc", "bound_at");
