"""The JSON of clients: what a request may hold, what an answer looks like."""
