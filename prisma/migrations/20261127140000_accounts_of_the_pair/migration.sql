-- AlterTable
ALTER TABLE "Operator" ADD COLUMN "accessLineage" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Operator" ADD COLUMN "passwordLineage" TEXT NOT NULL DEFAULT '';
