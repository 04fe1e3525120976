"""The service at /td/."""
