"""Tests of webctp.upstream.barstore."""
