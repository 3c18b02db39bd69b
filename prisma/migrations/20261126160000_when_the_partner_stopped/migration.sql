-- AlterTable
ALTER TABLE "Endpoint" ADD COLUMN "inContact" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Endpoint" ADD COLUMN "partnerStoppedAt" BIGINT;
