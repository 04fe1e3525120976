"""Tests of webctp.commands."""
