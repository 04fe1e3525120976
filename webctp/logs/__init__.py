"""The log: what a line of it is, where lines go, from which level on, and the last of them."""

from webctp.logs.output import LEVELS, Log

__all__ = ["LEVELS", "Log"]
