"""A gateway on paper, with which a core of the client is tested: its promises, and no more."""

import itertools
import json
from typing import Any

from webctp_client.protocol.core import Core, Login


def core(service: str = "td", patience: float = 30.0) -> Core:
    """Return a core that logs in as a user."""
    return Core(service, Login({"UserID": "demo", "Password": "pass"}), patience)


class PaperGateway:
    """Takes messages, keeps orders by their ClientOrderID, and answers as webctp promises.

    ``executed`` counts how often each ClientOrderID was sent on to CTP. A restart forgets the
    sessions and keeps what its journal holds.
    """

    def __init__(self) -> None:
        self.executed: dict[str, int] = {}
        self.refused: dict[str, int] = {}
        self.received: list[dict[str, Any]] = []
        self.pushes: list[dict[str, Any]] = []
        self._seqs = itertools.count(1000)
        self._session = 0

    def restart(self) -> None:
        """Forget the session."""
        self._session = 0
        self.pushes.clear()

    def names(self) -> list[str]:
        """Return the names of all requests that have come."""
        return [message["MsgType"] for message in self.received]

    def take(self, payload: bytes) -> list[bytes]:
        """Take a message in; return what is said to it."""
        message = json.loads(payload)
        self.received.append(message)
        name, request_id = message["MsgType"], message["RequestID"]
        if name == "ReqUserLogin":
            return self._login(message)
        if name == "ReqOrderInsert":
            return [self._order(message)]
        if name.startswith("ReqQry"):
            body = name.removeprefix("ReqQry")
            rows: list[Any] = [{"InvestorID": str(one)} for one in range(3)]
            return [
                answer(f"RspQry{body}", request_id, **{body: row}, IsLast=row is rows[-1])
                for row in rows
            ]
        if name in ("SubscribeMarketData", "UnSubscribeMarketData"):
            told = name.replace("Subscribe", "Sub")
            return [
                answer(
                    f"Rsp{told}",
                    request_id,
                    SpecificInstrument={"InstrumentID": one},
                    IsLast=one == message["InstrumentID"][-1],
                )
                for one in message["InstrumentID"]
            ]
        return [
            answer(name, request_id, RspInfo={"ErrorID": -404, "ErrorMsg": ""}, Detail="no such")
        ]

    def push(self, order_ref: str) -> bytes:
        """Return a push of an order, which a resumed session is told again."""
        body = {"OrderRef": order_ref, "FrontID": 1, "SessionID": 7, "OrderStatus": "3"}
        told = {"MsgType": "RtnOrder", "Seq": next(self._seqs), "RspInfo": None, "Order": body}
        self.pushes.append(told)
        return said(told)

    def _login(self, message: dict[str, Any]) -> list[bytes]:
        resume = message.get("Resume")
        seq = self.pushes[-1]["Seq"] if self.pushes else 999
        known, missed = False, []
        if resume is not None and resume["ResumeToken"] == f"token{self._session}":
            known, missed = True, [one for one in self.pushes if one["Seq"] > resume["Seq"]]
        if not known:
            self._session += 1
        words: dict[str, Any] = {"Session": {"ResumeToken": f"token{self._session}", "Seq": seq}}
        if resume is not None:
            words["Resume"] = {"Seq": seq, "Replayed": len(missed), "Gap": not known}
        replay = [] if known else [{**one, "Replay": True} for one in self.pushes]
        for one in replay:
            del one["Seq"]
        body = {"RspUserLogin": {"FrontID": 1, "SessionID": 7}}
        first = answer("RspUserLogin", message["RequestID"], **body, **words)
        return [*map(said, replay), first, *map(said, missed)]

    def _order(self, message: dict[str, Any]) -> bytes:
        named = message["ClientOrderID"]
        if named in self.refused:
            status, code = "refused", self.refused[named]
        else:
            self.executed.setdefault(named, 0)
            if not self.executed[named]:
                self.executed[named] += 1
            status, code = "known", 0
        return client_order(named, status, code, RequestID=message["RequestID"])


def said(message: dict[str, Any]) -> bytes:
    """Return a message as the gateway writes it."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()


def answer(msg_type: str, request_id: int, **words: Any) -> bytes:
    """Return an answer, the last one unless it says otherwise."""
    head = {"MsgType": msg_type, "RspInfo": None, "IsLast": True, "RequestID": request_id}
    return said({**head, **words})


def client_order(named: str, status: str, code: int = 0, **words: Any) -> bytes:
    """Return what becomes of a ClientOrderID; one that is known has traded."""
    known = status == "known"
    body = {
        "ClientOrderID": named,
        "Request": "ReqOrderInsert",
        "Status": status,
        "FrontID": 1,
        "SessionID": 7,
        "OrderRef": "12",
        "TradingDay": "20261127",
        "ExchangeID": "SHFE",
        "OrderSysID": "131" if known else "",
        "OrderSubmitStatus": "3" if known else "",
        "OrderStatus": words.pop("OrderStatus", "0" if known else ""),
        "VolumeTraded": 1 if known else 0,
        "VolumeTotal": 0,
        "ErrorID": code,
        "ErrorMsg": "资金不足" if code else "",
    }
    return said({"MsgType": "RtnClientOrder", "ClientOrder": body, **words})


def talk(client: Core, gateway: PaperGateway) -> None:
    """Carry messages to and fro until nobody says anything."""
    while sent := client.data_to_send():
        for message in sent:
            for told in gateway.take(message):
                client.received(told)
