"""Tells twistd that `twistd webctp` exists; everything else is in webctp.tap."""

from twisted.application.service import ServiceMaker

webctp = ServiceMaker(
    "webctp",
    "webctp.tap",
    "A gateway from WebSocket and JSON to CTP, the trading API of China's futures markets.",
    "webctp",
)
