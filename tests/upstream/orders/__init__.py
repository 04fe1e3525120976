"""Tests of webctp.upstream.orders."""
