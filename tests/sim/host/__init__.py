"""Tests of webctp.sim.host."""
