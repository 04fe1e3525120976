"""Tests of webctp.language."""
