"""The exchanges' matching: orders and trades, what is refused, and how long news travels."""
