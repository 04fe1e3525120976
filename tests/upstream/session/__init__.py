"""Tests of webctp.upstream.session."""
