-- CreateTable
CREATE TABLE "PoolSample" (
    "pool" TEXT NOT NULL,
    "stepSeconds" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "total" TEXT NOT NULL,
    "leased" TEXT NOT NULL,
    "ownFree" TEXT NOT NULL,
    "partnerFree" TEXT NOT NULL,
    "quarantined" TEXT NOT NULL,
    "waiting" TEXT NOT NULL,
    "reserved" TEXT NOT NULL,

    CONSTRAINT "PoolSample_pkey" PRIMARY KEY ("pool", "stepSeconds", "at")
);

-- CreateTable
CREATE TABLE "TrafficSample" (
    "stepSeconds" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "coveredMs" BIGINT NOT NULL,
    "requests" BIGINT NOT NULL,
    "replies" BIGINT NOT NULL,
    "unanswered" BIGINT NOT NULL,

    CONSTRAINT "TrafficSample_pkey" PRIMARY KEY ("stepSeconds", "at")
);

-- CreateIndex
CREATE INDEX "PoolSample_stepSeconds_at_idx" ON "PoolSample"("stepSeconds", "at");
