"""Tests of webctp.serving."""
