-- Leases in the order in which they came into their states (decision 0118). A renewal changes no state, and writes none of it:
-- an index of the table itself would be written each time that the row is.
CREATE TABLE "LeaseSearchSince" (
  "since" BIGINT NOT NULL,
  "ofKind" TEXT NOT NULL,
  "ofAddress" BLOB NOT NULL,
  "ofLength" INTEGER NOT NULL,
  PRIMARY KEY ("since", "ofKind", "ofAddress", "ofLength")
) WITHOUT ROWID;
INSERT INTO "LeaseSearchSince" ("since", "ofKind", "ofAddress", "ofLength")
SELECT "statusSince", "kind", "address", "length" FROM "Binding" ORDER BY "statusSince", "kind", "address", "length";

CREATE TRIGGER "LeaseSearchSince_added" AFTER INSERT ON "Binding"
BEGIN
  INSERT INTO "LeaseSearchSince" ("since", "ofKind", "ofAddress", "ofLength") VALUES (NEW."statusSince", NEW."kind", NEW."address", NEW."length");
END;

CREATE TRIGGER "LeaseSearchSince_changed" AFTER UPDATE OF "statusSince" ON "Binding" WHEN OLD."statusSince" <> NEW."statusSince"
BEGIN
  DELETE FROM "LeaseSearchSince" WHERE "since" = OLD."statusSince" AND "ofKind" = OLD."kind" AND "ofAddress" = OLD."address" AND "ofLength" = OLD."length";
  INSERT INTO "LeaseSearchSince" ("since", "ofKind", "ofAddress", "ofLength") VALUES (NEW."statusSince", NEW."kind", NEW."address", NEW."length");
END;

CREATE TRIGGER "LeaseSearchSince_removed" AFTER DELETE ON "Binding"
BEGIN
  DELETE FROM "LeaseSearchSince" WHERE "since" = OLD."statusSince" AND "ofKind" = OLD."kind" AND "ofAddress" = OLD."address" AND "ofLength" = OLD."length";
END;
