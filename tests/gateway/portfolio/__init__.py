"""Tests of portfolios towards clients."""
