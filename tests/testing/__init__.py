"""The tests of webctp.testing."""
