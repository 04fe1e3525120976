"""Tests of webctp.sim.broker."""
