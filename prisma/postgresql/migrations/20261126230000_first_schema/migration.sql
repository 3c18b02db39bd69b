-- CreateTable
CREATE TABLE "Binding" (
    "kind" TEXT NOT NULL,
    "address" BYTEA NOT NULL,
    "length" INTEGER NOT NULL,
    "subnetId" TEXT NOT NULL,
    "relationship" TEXT,
    "status" TEXT NOT NULL,
    "clientDuid" BYTEA,
    "clientIaType" TEXT,
    "clientIaid" BIGINT,
    "statusSince" BIGINT NOT NULL,
    "statusExpiresAt" BIGINT,
    "t1Seconds" BIGINT NOT NULL,
    "t2Seconds" BIGINT NOT NULL,
    "preferredSeconds" BIGINT NOT NULL,
    "validSeconds" BIGINT NOT NULL,
    "lifetimeRule" TEXT,
    "lifetimeAcked" BIGINT,
    "clientHeardAt" BIGINT,
    "partnerHeardClientAt" BIGINT,
    "expirationTime" BIGINT,
    "ackedPartnerLifetime" BIGINT,
    "partnerLifetime" BIGINT,
    "owedToPartner" BOOLEAN NOT NULL,
    "updateSent" BOOLEAN NOT NULL,
    "relayData" BYTEA,
    "clientFqdn" BYTEA,
    "commitNumber" BIGINT NOT NULL,

    CONSTRAINT "Binding_pkey" PRIMARY KEY ("kind", "address", "length")
);

-- CreateTable
CREATE TABLE "Endpoint" (
    "relationship" TEXT NOT NULL,
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
    "commitNumber" BIGINT NOT NULL,
    "inContact" BOOLEAN NOT NULL DEFAULT false,
    "partnerStoppedAt" BIGINT,
    "earlierMcltSeconds" BIGINT,
    "earlierMcltUntil" BIGINT,

    CONSTRAINT "Endpoint_pkey" PRIMARY KEY ("relationship")
);

-- CreateTable
CREATE TABLE "Transition" (
    "id" SERIAL NOT NULL,
    "relationship" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "fromState" TEXT NOT NULL,
    "toState" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "inputs" TEXT NOT NULL,
    "operator" TEXT,
    "commitNumber" BIGINT NOT NULL,

    CONSTRAINT "Transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LeaseChange" (
    "id" SERIAL NOT NULL,
    "lease" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "fromStatus" TEXT,
    "toStatus" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "clientDuid" TEXT,
    "expiresAt" BIGINT,
    "commitNumber" BIGINT NOT NULL,

    CONSTRAINT "LeaseChange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Decision" (
    "id" SERIAL NOT NULL,
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
    "commitNumber" BIGINT NOT NULL,

    CONSTRAINT "Decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" SERIAL NOT NULL,
    "at" BIGINT NOT NULL,
    "operator" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "commandId" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "commitNumber" BIGINT,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "NodeFact" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "NodeFact_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "ConfigurationRevision" (
    "number" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "who" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "ConfigurationRevision_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "Operator" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "disabled" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Operator_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "tokenHash" TEXT NOT NULL,
    "operatorId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    "userAgent" TEXT NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "lastUsedAt" BIGINT,

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
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

    CONSTRAINT "IdempotencyRecord_pkey" PRIMARY KEY ("key", "operator", "route")
);

-- CreateIndex
CREATE INDEX "Transition_relationship_id_idx" ON "Transition"("relationship", "id");

-- CreateIndex
CREATE INDEX "LeaseChange_lease_id_idx" ON "LeaseChange"("lease", "id");

-- CreateIndex
CREATE INDEX "Decision_relationship_id_idx" ON "Decision"("relationship", "id");

-- CreateIndex
CREATE INDEX "Decision_lease_id_idx" ON "Decision"("lease", "id");

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

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_operatorId_fkey" FOREIGN KEY ("operatorId") REFERENCES "Operator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
