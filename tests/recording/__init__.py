"""Tests of webctp.recording."""
