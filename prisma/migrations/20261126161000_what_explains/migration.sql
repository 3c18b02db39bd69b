-- CreateTable
CREATE TABLE "LeaseChange" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "lease" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "fromStatus" TEXT,
    "toStatus" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "clientDuid" TEXT,
    "expiresAt" BIGINT,
    "commitNumber" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Decision" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "firstAt" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "count" BIGINT NOT NULL,
    "relationship" TEXT,
    "subnetId" TEXT,
    "lease" TEXT,
    "clientDuid" TEXT,
    "messageType" TEXT,
    "reason" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "inputs" TEXT NOT NULL,
    "commitNumber" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "LeaseChange_lease_id_idx" ON "LeaseChange"("lease", "id");

-- CreateIndex
CREATE INDEX "Decision_relationship_id_idx" ON "Decision"("relationship", "id");

-- CreateIndex
CREATE INDEX "Decision_lease_id_idx" ON "Decision"("lease", "id");
