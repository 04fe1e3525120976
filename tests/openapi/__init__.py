"""schemathesis against a real daemon: `make schemathesis`."""
