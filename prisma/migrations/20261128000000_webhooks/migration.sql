-- CreateTable
CREATE TABLE "Webhook" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "subnets" TEXT NOT NULL,
    "kinds" TEXT NOT NULL,
    "events" TEXT NOT NULL,
    "beginsWithOldest" BOOLEAN NOT NULL,
    "certificateAuthority" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "WebhookPosition" (
    "webhookId" TEXT NOT NULL PRIMARY KEY,
    "origin" TEXT NOT NULL,
    "commitNumber" BIGINT NOT NULL,
    "sequence" BIGINT,
    "deliveredAt" BIGINT,
    "stoppedBecause" TEXT
);
