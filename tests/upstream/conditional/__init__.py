"""Tests of webctp.upstream.conditional."""
