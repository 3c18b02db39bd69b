-- CreateTable
CREATE TABLE "BulkRelease" (
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedAt" BIGINT NOT NULL,
    "endedBy" TEXT,
    "endedAt" BIGINT,
    "problem" TEXT,
    "leases" INTEGER NOT NULL,
    "released" INTEGER NOT NULL,
    "refused" TEXT NOT NULL,

    CONSTRAINT "BulkRelease_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "BulkRelease_startedAt_idx" ON "BulkRelease"("startedAt");
