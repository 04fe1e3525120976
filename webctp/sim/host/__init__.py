"""How programs reach the exchange: a thread, the API's face, a socket, the state file, faults."""
