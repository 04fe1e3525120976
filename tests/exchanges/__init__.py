"""Tests of webctp.exchanges."""
