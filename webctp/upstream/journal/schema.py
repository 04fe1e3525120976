"""The journal's tables, and how those of an earlier version become the present ones."""

from typing import Final

from webctp.storage.versions import Schema
from webctp.upstream.journal.plans import TABLE as PLANS

BUSY_MS: Final = 2000
"""How long whoever reads or writes waits for another's lock."""
_RECORD: Final = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    trading_day TEXT NOT NULL,
    broker_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    client_order_id TEXT NOT NULL,
    instrument_id TEXT NOT NULL,
    exchange_id TEXT NOT NULL,
    front_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    order_ref TEXT NOT NULL,
    order_sys_id TEXT NOT NULL,
    code INTEGER,
    detail TEXT NOT NULL,
    body TEXT
);
CREATE INDEX record_of_day ON record (trading_day, type);
CREATE INDEX record_of_client_order ON record (client_order_id) WHERE client_order_id <> '';
"""
_CLIENT_ORDER: Final = """
CREATE TABLE client_order (
    broker_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    client_order_id TEXT NOT NULL,
    time INTEGER NOT NULL,
    trading_day TEXT NOT NULL,
    value TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (broker_id, user_id, client_order_id)
) WITHOUT ROWID;
"""
_SINCE_2: Final = """
CREATE INDEX client_order_by_day ON client_order (broker_id, trading_day);
CREATE INDEX client_order_unsettled ON client_order (broker_id, user_id, client_order_id)
    WHERE settled = 0;
CREATE TABLE trading_day (
    broker_id TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (broker_id, day)
) WITHOUT ROWID;
"""
_FROM_1_TO_2: Final = f"""
ALTER TABLE client_order ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
DROP INDEX client_order_by_time;
{_SINCE_2}
INSERT INTO trading_day SELECT DISTINCT broker_id, trading_day FROM client_order;
"""
_SINCE_3: Final = """
CREATE TABLE due (
    broker_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (broker_id, user_id, key, kind)
) WITHOUT ROWID;
"""
SCHEMA: Final = Schema(
    make=_RECORD + _CLIENT_ORDER + _SINCE_2 + _SINCE_3 + PLANS,
    mark="client_order",
    steps={1: _FROM_1_TO_2, 2: _SINCE_3, 3: PLANS},
)
"""Records of all versions are alike."""
MERGE: Final = """
 ON CONFLICT (broker_id, user_id, client_order_id) DO UPDATE
 SET trading_day = excluded.trading_day, value = excluded.value, settled = excluded.settled
 WHERE time = excluded.time"""
"""Where the ID is another run's, which the writer could not know, that one's word stands."""
