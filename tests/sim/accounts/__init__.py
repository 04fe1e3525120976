"""Tests of webctp.sim.accounts."""
