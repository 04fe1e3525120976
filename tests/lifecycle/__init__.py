"""Tests of how the daemon begins and ends."""
