-- AlterTable
ALTER TABLE "Endpoint" ADD COLUMN "handedOverSince" BIGINT;
ALTER TABLE "Endpoint" ADD COLUMN "handedOverBy" TEXT;
ALTER TABLE "Endpoint" ADD COLUMN "handedOverReason" TEXT;
