"""Tests of webctp.storage."""
