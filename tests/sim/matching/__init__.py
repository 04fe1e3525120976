"""Tests of webctp.sim.matching."""
