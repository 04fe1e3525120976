"""Tests of webctp.sim.market."""
