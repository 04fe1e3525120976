"""Tests of webctp.ctp."""
