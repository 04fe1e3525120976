"""Tests of the simulated front."""
