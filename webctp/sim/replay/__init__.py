"""A recording played as a front of its own."""
