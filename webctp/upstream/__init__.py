"""One connection to a front: its session, its requests, its pushes. Knows CTP, no WebSocket."""
