"""The simulated front as a process of its own: what passes on its socket, both sides."""
