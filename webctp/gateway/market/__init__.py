"""The service at /md/."""
