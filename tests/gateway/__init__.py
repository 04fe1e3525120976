"""Tests of webctp.gateway."""
