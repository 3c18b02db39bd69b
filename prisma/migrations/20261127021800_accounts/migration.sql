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

    PRIMARY KEY ("kind", "id")
);

-- The audit is added to, and nothing else: a bug of ours must not be able to do more.
CREATE TRIGGER "AuditEntry_is_not_changed" BEFORE UPDATE ON "AuditEntry"
BEGIN
    SELECT RAISE(ABORT, 'the audit is only added to');
END;
CREATE TRIGGER "AuditEntry_is_not_removed" BEFORE DELETE ON "AuditEntry"
BEGIN
    SELECT RAISE(ABORT, 'the audit is only added to');
END;
