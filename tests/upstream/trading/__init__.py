"""Tests of webctp.upstream.trading."""
