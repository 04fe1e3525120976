"""webctp for VeighNa (vn.py): every app of its world on one CTP session.

from vnpy_webctp import WebctpGateway
main_engine.add_gateway(WebctpGateway)
"""

from vnpy_webctp.gateway import WebctpGateway
from vnpy_webctp.version import VERSION

__all__ = ["VERSION", "WebctpGateway"]
