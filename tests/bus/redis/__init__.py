"""Tests of webctp.bus.redis."""
