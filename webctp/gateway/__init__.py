"""One WebSocket client: its messages, its requests, its share of the pushes."""
