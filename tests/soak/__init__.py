"""A day of the exchange's clock with clients that come and go: `make soak`."""
