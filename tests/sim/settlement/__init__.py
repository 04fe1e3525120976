"""Tests of webctp.sim.settlement."""
