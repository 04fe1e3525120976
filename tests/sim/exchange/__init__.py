"""Tests of webctp.sim.exchange."""
