"""What administrators may ask: one table, the desk that carries it out, and its two doors."""
