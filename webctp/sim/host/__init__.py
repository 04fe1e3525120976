"""How programs reach the exchange: a thread, the API's face, the state file, faults."""
