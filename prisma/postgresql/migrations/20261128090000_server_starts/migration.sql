-- When the server was started, and until when it had run before: a timeline must not show a server as serving while it was off.
CREATE TABLE "ServerStart" (
    "id" SERIAL NOT NULL,
    "at" BIGINT NOT NULL,
    "ranUntil" BIGINT,
    "version" TEXT NOT NULL,

    CONSTRAINT "ServerStart_pkey" PRIMARY KEY ("id")
);
