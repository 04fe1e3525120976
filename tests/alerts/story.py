"""What makes an alert fire: one story each, found by the alert's name."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.alerts.stage import Stage
from webctp.testing import WebSocketPeer

Story = Callable[[Stage], Awaitable[None]]

STORIES: Final[dict[str, Story]] = {}
"""Alert -> what makes its cause happen. A story says when all is fine, and ends in its alert."""

INSERT: Final = {"InstrumentID": "rb2405", "ExchangeID": "SHFE", "VolumeTotalOriginal": 1}


def fires(alert: str) -> Callable[[Story], Story]:
    """Note that a story ends with this alert."""

    def note(story: Story) -> Story:
        if alert in STORIES:
            raise ValueError(f"two stories of {alert}")
        STORIES[alert] = story
        return story

    return note


def insert(number: int = 1, **more: Any) -> dict[str, Any]:
    """Return an insert; ``ClientOrderID`` and the like stand beside its body."""
    return {"MsgType": "ReqOrderInsert", "InputOrder": INSERT, "RequestID": number, **more}


def query(number: int, name: str = "ReqQryInvestor") -> dict[str, Any]:
    """Return a query that is like no other."""
    key = name.removeprefix("Req")
    return {"MsgType": name, key: {"InvestorID": f"{number}"}, "RequestID": number}


def tick(volume: int) -> dict[str, Any]:
    """Return the fields of a tick that is news."""
    return {
        "InstrumentID": "rb2405",
        "TradingDay": "20240102",
        "ActionDay": "20240102",
        "UpdateTime": f"10:{volume // 60 % 60:02}:{volume % 60:02}",
        "Volume": volume,
        "LastPrice": 3500.0,
    }


def stall(peer: WebSocketPeer) -> None:
    """Let a client read nothing from now on."""
    producer = peer.transport.producer
    if producer is None:
        raise AssertionError("nobody sends to this client")
    producer.pauseProducing()
