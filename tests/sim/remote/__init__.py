"""Tests of webctp.sim.remote."""
