"""Ticks between machines: frames, partitions, positions. It knows no client and no socket."""
