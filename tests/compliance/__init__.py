"""WebSocket frames against RFC 6455, after the sections of the Autobahn test suite."""
