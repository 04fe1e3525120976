"""Conditional orders towards clients, sessions and market data."""
