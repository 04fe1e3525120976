"""The simulated exchange as a pure core: requests and time in, events out."""
