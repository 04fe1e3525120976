"""What contracts are, seen across all of them: search, main contracts."""
