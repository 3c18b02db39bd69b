-- AlterTable
ALTER TABLE "Endpoint" ADD COLUMN "earlierMcltSeconds" BIGINT;
ALTER TABLE "Endpoint" ADD COLUMN "earlierMcltUntil" BIGINT;
