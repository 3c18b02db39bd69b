-- AlterTable
ALTER TABLE "Binding" ADD COLUMN "lifetimeRule" TEXT;
ALTER TABLE "Binding" ADD COLUMN "lifetimeAcked" BIGINT;
