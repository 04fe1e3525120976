"""Tests of webctp.upstream.offset."""
