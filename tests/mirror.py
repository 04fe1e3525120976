"""What of `tests/` does not mirror `webctp/` by its name, each with where or why.

`tests/x/test_y.py` tests `webctp/x/y.py`. A module without one is tested by the scenarios of its
room's folder, or by those that bear the room's name. What differs stands here;
`tests/test_mirror.py` holds it.
"""

from typing import Final

WITH: Final = {
    "preflight": "commands.test_doctor",
    "secret": "test_config",
    "sim.exchange.records": "sim.host.test_state",
    "sim.exchange.restore": "sim.host.test_state",
    "sim.remote.server": "sim.test_main",
    "upstream.account": "upstream.journal.test_trading",
    "upstream.orders.cancelling": "upstream.trading.test_entry",
}
"""Modules that no test module of their room reaches: the one that tests them."""

BEHAVIOUR: Final = {
    "chaos.stories.test_stories": "a few stories of real daemons in trouble",
    "chaos.test_journal_file": "a journal cut off and spoilt under a real daemon",
    "chaos.test_restarts": "real daemons that are killed and started again",
    "chaos.test_schedules": "random schedules of a whole gateway in one process",
    "commands.docs.test_commands": "what the documents show can be typed",
    "commands.docs.test_tables": "tables that a Markdown reader shows as such",
    "compliance.test_frames": "RFC 6455 on the gateway's own factory",
    "ctp.test_tick_bridge": "the bounded side of `ctp.bridge`",
    "gateway.access.test_strangers": "clients on real sockets that never log in",
    "gateway.market.test_instruments": "instruments that trading learns for market data",
    "gateway.market.test_model": "the market service against a plain model of it",
    "gateway.market.test_states": "the market service: states of its upstream",
    "gateway.trading.test_cancel_on_disconnect": "shared sessions: CancelOnDisconnect",
    "gateway.trading.test_client_orders": "orders with a ClientOrderID through all floors",
    "gateway.trading.test_flow_at_front": "the day's flow of a simulated front through the gateway",
    "gateway.trading.test_orders": "orders through the gateway",
    "gateway.trading.test_queries": "queries through the gateway",
    "gateway.trading.test_resume": "sessions taken up again",
    "gateway.trading.test_statuses": "the state of instruments for clients that come later",
    "gateway.websocket.test_direct_send": "the fan-out on a real socket that reads slowly",
    "gateway.websocket.test_fairness": "the protocol under one client's flood",
    "hostile.test_floods": "floods beside honest clients, in short",
    "hostile.test_fuzz": "mutated messages of every method, in short",
    "hostile.test_http": "hostile HTTP",
    "hostile.test_messages": "hostile messages",
    "sim.test_books": "properties of all accounts after every event",
    "sim.test_day": "a trading day of the whole exchange",
    "sim.test_fuzz": "random requests to the whole exchange",
    "sim.test_independent": "random days against the independent ledger",
    "sim.test_joined": "days that follow one another",
    "sim.test_ledger": "charges, positions and accounts together, by hand",
    "sim.test_looking": "the whole exchange, watched or not",
    "sim.test_marketorders": "orders at the market, exchange by exchange",
    "sim.test_orderfields": "fields of orders, exchange by exchange",
    "sim.test_phases": "the phases of each exchange's day",
    "sim.test_sequences": "CTP's table of callbacks, exchange by exchange",
    "sim.test_spreads": "orders in combinations through all rooms",
    "sim.test_strategy": "a user's day through the API",
    "test_checks": "the runner of the checks, `tests/__main__.py`",
    "test_conformance": "the marks of CTP's rules, `tests/conformance.py`",
    "test_coverage": "the table of coverage, `tests/coverage.py`",
    "test_end_to_end": "the whole daemon on real sockets",
    "test_first_steps": "the first lines of the READMEs, typed",
    "test_layers": "the imports and sizes of all modules",
    "test_main": "the entry point, `webctp/__main__.py`",
    "test_mirror": "this table",
    "test_native": "the native library under a whole daemon",
    "test_packaging": "wheel, sdist and editable install",
    "test_progress": "the progress lines, `tests/progress.py`",
    "test_quick": "the quick tier, `tests/quick.py`",
    "test_quotes": "quotes through the whole daemon",
    "test_recording": "recording and replaying through the whole daemon",
    "test_systemd": "the unit in `etc/`",
    "test_transfers": "bank transfers through the whole daemon",
    "upstream.journal.test_crashes": "ClientOrderIDs over crashes at any point",
    "upstream.journal.test_days": "ClientOrderIDs over changes of the day",
    "upstream.market.test_hub_subscriptions": "the hub's side of subscriptions",
    "upstream.session.test_recovery": "sessions in bad times",
    "upstream.trading.test_queries_lost": "queries whose answer is lost",
    "upstream.trading.test_queries_schedules": "the query queue under random schedules",
}
"""Test modules that are no module's own: what they test."""
