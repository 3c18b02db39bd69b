-- When the server was started, and until when it had run before: a timeline must not show a server as serving while it was off.
CREATE TABLE "ServerStart" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" BIGINT NOT NULL,
    "ranUntil" BIGINT,
    "version" TEXT NOT NULL
);
