"""Tests of webctp.sim.model."""
