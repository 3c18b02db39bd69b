-- No query reads them, and each renewal and each acknowledgement had to write them.
DROP INDEX "Binding_client_idx";
DROP INDEX "Binding_expiry_idx";
DROP INDEX "Binding_owed_idx";
