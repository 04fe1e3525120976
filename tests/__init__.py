"""The tests of webctp, in the layout of the package they test."""
