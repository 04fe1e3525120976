"""Tests of webctp.upstream."""
