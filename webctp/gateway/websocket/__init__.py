"""A client's WebSocket: frames in and out, many clients served from one encoding."""
