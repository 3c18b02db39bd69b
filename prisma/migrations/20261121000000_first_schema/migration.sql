-- CreateTable: WITHOUT ROWID, so that a changed lease dirties one page of the table and not two.
CREATE TABLE "Binding" (
    "kind" TEXT NOT NULL,
    "address" BLOB NOT NULL,
    "length" INTEGER NOT NULL,
    "subnetId" TEXT NOT NULL,
    "relationship" TEXT,
    "status" TEXT NOT NULL,
    "clientDuid" BLOB,
    "clientIaType" TEXT,
    "clientIaid" BIGINT,
    "statusSince" BIGINT NOT NULL,
    "statusExpiresAt" BIGINT,
    "t1Seconds" BIGINT NOT NULL,
    "t2Seconds" BIGINT NOT NULL,
    "preferredSeconds" BIGINT NOT NULL,
    "validSeconds" BIGINT NOT NULL,
    "clientHeardAt" BIGINT,
    "partnerHeardClientAt" BIGINT,
    "expirationTime" BIGINT,
    "ackedPartnerLifetime" BIGINT,
    "partnerLifetime" BIGINT,
    "owedToPartner" BOOLEAN NOT NULL,
    "updateSent" BOOLEAN NOT NULL,
    "relayData" BLOB,
    "clientFqdn" BLOB,
    "commitNumber" BIGINT NOT NULL,

    PRIMARY KEY ("kind", "address", "length")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "Endpoint" (
    "relationship" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "previousState" TEXT,
    "stateSince" BIGINT NOT NULL,
    "partnerState" TEXT,
    "partnerSince" BIGINT,
    "partnerStartup" BOOLEAN NOT NULL,
    "partnerAckStartup" BOOLEAN NOT NULL,
    "partnerCommunicated" BOOLEAN NOT NULL,
    "partnerDownSince" BIGINT,
    "lastHeardFromPartnerAt" BIGINT,
    "communicated" BOOLEAN NOT NULL,
    "mcltSeconds" BIGINT NOT NULL,
    "fullResyncOwed" BOOLEAN NOT NULL,
    "timeOfFailure" BIGINT,
    "lastPromiseAt" BIGINT,
    "commitNumber" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Transition" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "relationship" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "fromState" TEXT NOT NULL,
    "toState" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "inputs" TEXT NOT NULL,
    "operator" TEXT,
    "commitNumber" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" BIGINT NOT NULL,
    "operator" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "commandId" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "commitNumber" BIGINT
);

-- CreateTable
CREATE TABLE "NodeFact" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "ConfigurationRevision" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "sha256" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "who" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Operator" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "disabled" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "Session" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "operatorId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    "userAgent" TEXT NOT NULL,
    CONSTRAINT "Session_operatorId_fkey" FOREIGN KEY ("operatorId") REFERENCES "Operator" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "lastUsedAt" BIGINT
);

-- CreateTable
CREATE TABLE "IdempotencyRecord" (
    "key" TEXT NOT NULL,
    "operator" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "requestHash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("key", "operator", "route")
);

-- CreateIndex
CREATE INDEX "Binding_client_idx" ON "Binding"("clientDuid");

-- CreateIndex
CREATE INDEX "Binding_expiry_idx" ON "Binding"("statusExpiresAt");

-- CreateIndex
CREATE INDEX "Binding_owed_idx" ON "Binding"("relationship", "owedToPartner");

-- CreateIndex
CREATE INDEX "Transition_relationship_id_idx" ON "Transition"("relationship", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Operator_name_key" ON "Operator"("name");

-- CreateIndex
CREATE INDEX "Session_operatorId_idx" ON "Session"("operatorId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_tokenHash_key" ON "ApiToken"("tokenHash");

-- CreateIndex
CREATE INDEX "IdempotencyRecord_at_idx" ON "IdempotencyRecord"("at");
