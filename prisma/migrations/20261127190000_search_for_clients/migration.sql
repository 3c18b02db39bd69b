-- Any part of a DUID or of a host name, and an IAID, are found without reading the whole table (decision 0118). The texts are
-- hexadecimal digits, as searches ask for them. A renewal changes none of it.
CREATE TABLE "LeaseSearchKey" (
  "id" INTEGER PRIMARY KEY NOT NULL,
  "kind" TEXT NOT NULL,
  "address" BLOB NOT NULL,
  "length" INTEGER NOT NULL,
  "iaid" BIGINT
);
INSERT INTO "LeaseSearchKey" ("kind", "address", "length", "iaid")
SELECT "kind", "address", "length", "clientIaid" FROM "Binding" WHERE "clientDuid" IS NOT NULL OR "clientFqdn" IS NOT NULL;
CREATE UNIQUE INDEX "LeaseSearchKey_key" ON "LeaseSearchKey"("kind", "address", "length");
CREATE INDEX "LeaseSearchKey_iaid_idx" ON "LeaseSearchKey"("iaid");

CREATE VIRTUAL TABLE "LeaseSearch" USING fts5("duid", "host", content='', contentless_delete=1, tokenize='trigram');
INSERT INTO "LeaseSearch" (rowid, "duid", "host")
SELECT k."id", hex(b."clientDuid"), hex(b."clientFqdn")
FROM "LeaseSearchKey" k JOIN "Binding" b ON b."kind" = k."kind" AND b."address" = k."address" AND b."length" = k."length" ORDER BY k."id";

CREATE TRIGGER "LeaseSearch_added" AFTER INSERT ON "Binding"
WHEN NEW."clientDuid" IS NOT NULL OR NEW."clientFqdn" IS NOT NULL
BEGIN
  INSERT INTO "LeaseSearchKey" ("kind", "address", "length", "iaid") VALUES (NEW."kind", NEW."address", NEW."length", NEW."clientIaid");
  INSERT INTO "LeaseSearch" (rowid, "duid", "host")
  VALUES (last_insert_rowid(), hex(NEW."clientDuid"), hex(NEW."clientFqdn"));
END;

CREATE TRIGGER "LeaseSearch_changed" AFTER UPDATE OF "clientDuid", "clientIaid", "clientFqdn" ON "Binding"
WHEN OLD."clientDuid" IS NOT NEW."clientDuid" OR OLD."clientIaid" IS NOT NEW."clientIaid" OR OLD."clientFqdn" IS NOT NEW."clientFqdn"
BEGIN
  DELETE FROM "LeaseSearch" WHERE rowid = (SELECT "id" FROM "LeaseSearchKey" WHERE "kind" = OLD."kind" AND "address" = OLD."address" AND "length" = OLD."length");
  DELETE FROM "LeaseSearchKey" WHERE "kind" = OLD."kind" AND "address" = OLD."address" AND "length" = OLD."length";
  INSERT INTO "LeaseSearchKey" ("kind", "address", "length", "iaid")
  SELECT NEW."kind", NEW."address", NEW."length", NEW."clientIaid" WHERE NEW."clientDuid" IS NOT NULL OR NEW."clientFqdn" IS NOT NULL;
  INSERT INTO "LeaseSearch" (rowid, "duid", "host")
  SELECT "id", hex(NEW."clientDuid"), hex(NEW."clientFqdn")
  FROM "LeaseSearchKey" WHERE "kind" = NEW."kind" AND "address" = NEW."address" AND "length" = NEW."length";
END;

CREATE TRIGGER "LeaseSearch_removed" AFTER DELETE ON "Binding"
BEGIN
  DELETE FROM "LeaseSearch" WHERE rowid = (SELECT "id" FROM "LeaseSearchKey" WHERE "kind" = OLD."kind" AND "address" = OLD."address" AND "length" = OLD."length");
  DELETE FROM "LeaseSearchKey" WHERE "kind" = OLD."kind" AND "address" = OLD."address" AND "length" = OLD."length";
END;

-- What is rare is found at once, above all quarantined leases; an active one, renewed or not, has no entry.
CREATE INDEX "Binding_not_active_idx" ON "Binding"("status", "kind", "address", "length") WHERE "status" <> 'ACTIVE';
