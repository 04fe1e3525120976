"""Accounts on paper: real or replayed market data, matching and settlement of our own."""
