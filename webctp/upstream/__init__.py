"""What knows CTP, and no client: sessions, orders, the journal, trading, market data."""
