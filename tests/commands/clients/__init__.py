"""Tests of what client packages are made of."""
