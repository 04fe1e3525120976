"""Tests of ``clients/python``."""
