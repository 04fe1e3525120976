"""Tests of webctp.gateway.messages."""
