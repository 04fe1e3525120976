"""What the gateway offers. Made by `python -m webctp docs`: edit nothing here, it is lost."""
