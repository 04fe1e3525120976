"""Tests of webctp.sim.replay."""
