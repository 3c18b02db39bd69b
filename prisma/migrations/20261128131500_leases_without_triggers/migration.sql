-- What finds leases is kept by whoever writes them, many at once (decision 0126): for each row that had triggers SQLite kept an
-- undo of its own, and the full-text table wrote a segment of its own.
DROP TRIGGER "LeaseSearch_added";
DROP TRIGGER "LeaseSearch_changed";
DROP TRIGGER "LeaseSearch_removed";
DROP TRIGGER "LeaseSearchSince_added";
DROP TRIGGER "LeaseSearchSince_changed";
DROP TRIGGER "LeaseSearchSince_removed";
