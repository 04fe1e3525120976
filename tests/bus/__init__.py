"""Tests of webctp.bus."""
