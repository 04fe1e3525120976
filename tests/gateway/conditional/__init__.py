"""Tests of webctp.gateway.conditional."""
