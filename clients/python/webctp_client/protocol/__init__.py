"""The conversation with the gateway without sockets, threads or time."""
