"""Tests of webctp.gateway.websocket."""
