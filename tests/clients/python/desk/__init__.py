"""The terminal desk."""
