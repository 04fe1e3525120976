"""webctp: a gateway from WebSocket and JSON to CTP, the trading API of China's futures markets."""

__version__ = "1.0.0"
