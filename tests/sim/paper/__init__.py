"""Tests of accounts on paper."""
