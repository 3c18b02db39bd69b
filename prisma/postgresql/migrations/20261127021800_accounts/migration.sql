-- AlterTable
ALTER TABLE "Operator" ADD COLUMN "passwordTemporary" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Operator" ADD COLUMN "lastSignInAt" BIGINT;
ALTER TABLE "Operator" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "Operator" ADD COLUMN "changedAt" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Session" ADD COLUMN "address" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "ApiToken" ADD COLUMN "scope" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "RemovedAccount" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "RemovedAccount_pkey" PRIMARY KEY ("kind", "id")
);

-- The audit is added to, and nothing else: a bug of ours must not be able to do more.
CREATE FUNCTION "audit_is_only_added_to"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only added to';
END
$$;
CREATE TRIGGER "AuditEntry_is_not_changed" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEntry"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_is_only_added_to"();
