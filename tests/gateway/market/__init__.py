"""Tests of webctp.gateway.market."""
