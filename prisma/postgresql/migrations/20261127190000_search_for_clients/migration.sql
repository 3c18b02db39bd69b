-- Any part of a DUID or a host name, and an IAID, are found without reading the whole table (decision 0118). A renewal changes
-- none of these columns, so it stays beside the row it replaces, and no index is written.
CREATE INDEX "LeaseSearch_iaid_idx" ON "Binding"("clientIaid");

-- Without the extension (Debian has it with the server) or the right to create it, such searches read the table.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "LeaseSearch_duid_idx" ON "Binding" USING gin (upper(encode("clientDuid", 'hex')) gin_trgm_ops);
  CREATE INDEX "LeaseSearch_host_idx" ON "Binding" USING gin (upper(encode("clientFqdn", 'hex')) gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR invalid_parameter_value THEN
  RAISE NOTICE 'pg_trgm is not there: searches by a part of a DUID or of a host name read the whole table';
END
$$;

-- What is rare is found at once, above all quarantined leases; an active one, renewed or not, has no entry.
CREATE INDEX "Binding_not_active_idx" ON "Binding"("status", "kind", "address", "length") WHERE "status" <> 'ACTIVE';
