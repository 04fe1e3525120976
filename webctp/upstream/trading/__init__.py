"""An account's trading: its session, the way of an order, the pace of queries."""
