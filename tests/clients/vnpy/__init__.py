"""Tests of ``clients/vnpy``, the gateway for VeighNa, against the real vnpy."""
