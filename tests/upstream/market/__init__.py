"""Tests of webctp.upstream.market."""
