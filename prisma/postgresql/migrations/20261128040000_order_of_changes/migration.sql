-- Leases in the order in which they came into their states (decision 0118). A renewal changes none of these columns, so it stays
-- beside the row it replaces, and the index is not written.
CREATE INDEX "LeaseSearch_since_idx" ON "Binding"("statusSince", "kind", "address", "length");
