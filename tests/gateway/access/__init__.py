"""Tests of webctp.gateway.access."""
