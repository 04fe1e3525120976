"""Market data: one hub, its feeds, who wants what, bars."""
