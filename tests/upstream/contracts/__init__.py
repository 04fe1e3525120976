"""Tests of webctp.upstream.contracts."""
