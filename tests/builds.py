"""What a test needs of the binding: builds differ in the methods that they offer."""

from collections.abc import Callable
from typing import Any
from unittest import skipUnless

from webctp.ctp import catalog


def with_method(name: str) -> Callable[[Any], Any]:
    """Return a decorator that leaves a test out where the loaded binding has no such method.

    Older builds have fewer: `make matrix` shows which tests they leave out, and why.
    """
    has = name in catalog.trading().methods
    return skipUnless(has, f"this build of openctp-ctp has no {name}")
