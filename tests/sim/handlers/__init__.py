"""Tests of webctp.sim.handlers."""
