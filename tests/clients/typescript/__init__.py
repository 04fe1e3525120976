"""Tests of the package for TypeScript: its own, and with real gateways."""
