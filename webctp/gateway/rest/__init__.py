"""Requests by HTTP: the services' own requests by POST, ticks as server-sent events."""
