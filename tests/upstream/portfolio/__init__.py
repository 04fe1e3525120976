"""Tests of the portfolio's arithmetic."""
