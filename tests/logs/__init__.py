"""The log: its lines, its file, and the last lines in memory."""
