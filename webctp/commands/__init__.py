"""``python -m webctp …``: the commands beside the daemon."""
