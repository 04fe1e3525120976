"""Portfolios towards clients: who has subscribed, what is told, where prices come from."""
