"""Tests of webctp.upstream.journal."""
