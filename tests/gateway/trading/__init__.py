"""Tests of webctp.gateway.trading."""
