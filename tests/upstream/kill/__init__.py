"""Tests of order checks, compliance counters and the kill switch."""
