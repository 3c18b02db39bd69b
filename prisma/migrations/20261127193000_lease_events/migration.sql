-- CreateTable
CREATE TABLE "LeaseEvent" (
    "commitNumber" BIGINT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "event" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "address" BLOB NOT NULL,
    "length" BIGINT NOT NULL,
    "subnetId" TEXT NOT NULL,
    "relationship" TEXT,
    "clientDuid" BLOB,
    "clientIaType" TEXT,
    "clientIaid" BIGINT,
    "expiresAt" BIGINT,
    "heardAt" BIGINT,
    "relayData" BLOB,

    PRIMARY KEY ("commitNumber", "sequence")
);
