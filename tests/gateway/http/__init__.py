"""Tests of webctp.gateway.http."""
