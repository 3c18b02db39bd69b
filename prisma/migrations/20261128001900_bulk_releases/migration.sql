-- CreateTable
CREATE TABLE "BulkRelease" (
    "id" TEXT NOT NULL PRIMARY KEY,
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
    "refused" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "BulkRelease_startedAt_idx" ON "BulkRelease"("startedAt");
