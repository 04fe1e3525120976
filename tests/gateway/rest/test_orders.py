"""Orders over HTTP: a whole gateway with a journal, the simulated exchange, real sockets."""

import http.client
import json
import sys
from pathlib import Path
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.internet.threads import deferToThread
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from tests.documented import programs
from webctp.testing import Gateway


class Whole(TestCase):
    """A whole gateway on a real socket."""

    timeout = 120

    async def _setUp(self) -> None:
        self.gateway = await Gateway(
            "sim://?seed=7", Journal={"Path": self.mktemp()}, OrderPatience="30"
        ).start()

    def setUp(self) -> Any:
        """Begin to listen."""
        return ensureDeferred(self._setUp())

    def tearDown(self) -> Any:
        """End everything."""
        return ensureDeferred(self.gateway.stop())

    async def ask(self, name: str, body: Any, bearer: str = "") -> tuple[int, Any]:
        """Send a request; gives status and body."""

        def blocking() -> tuple[int, Any]:
            connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=60)
            headers = {"Content-Type": "application/json"}
            if bearer:
                headers["Authorization"] = f"Bearer {bearer}"
            connection.request("POST", name, json.dumps(body), headers)
            answer = connection.getresponse()
            try:
                return answer.status, json.loads(answer.read())
            finally:
                connection.close()

        return await deferToThread(blocking)


class Page(Whole):
    """The program of docs/http.md."""

    async def test_it_runs(self) -> None:
        ((_, program),) = [one for one in programs("python") if one[0] == "http.md"]
        program = program.replace("127.0.0.1:8080", f"127.0.0.1:{self.gateway.port}")
        file = Path(self.mktemp())
        file.write_text(program, "utf-8")
        out, err, code = await getProcessOutputAndValue(sys.executable, [str(file)])
        self.assertEqual((err, code), (b"", 0))
        self.assertRegex(out, rb"available: [0-9.]+\n")


class Orders(Whole):
    """Sent once, however often they are asked for."""

    async def test_an_order_and_its_repetition(self) -> None:
        login = {"BrokerID": "9999", "UserID": "000001", "Password": "password"}
        status, told = await self.ask("/td/ReqUserLogin", login)
        self.assertEqual(status, 200, told)
        bearer = told["Bearer"]["Token"]
        _, told = await self.ask("/td/ReqQryInstrument", {"ProductID": "rb"}, bearer)
        first = told["Rows"][0]
        name = first["InstrumentID"]
        _, told = await self.ask("/td/ReqQryDepthMarketData", {"InstrumentID": name}, bearer)
        order = {
            **{"InstrumentID": name, "ExchangeID": first["ExchangeID"], "ClientOrderID": "a-1"},
            **{"Direction": "0", "CombOffsetFlag": "0", "CombHedgeFlag": "1", "MinVolume": 1},
            **{"LimitPrice": told["Rows"][0]["LowerLimitPrice"], "VolumeTotalOriginal": 1},
            **{"OrderPriceType": "2", "TimeCondition": "3", "VolumeCondition": "1"},
            **{"ContingentCondition": "1", "ForceCloseReason": "0"},
        }
        references = set()
        for _ in range(3):
            status, told = await self.ask("/td/ReqOrderInsert", order, bearer)
            self.assertEqual((status, told["ClientOrder"]["Status"]), (202, "known"), told)
            references.add(told["ClientOrder"]["OrderRef"])
        self.assertEqual(len(references), 1)
        _, told = await self.ask("/td/ReqQryOrder", {}, bearer)
        self.assertEqual([one["InstrumentID"] for one in told["Rows"]], [name])
        other = {**order, "VolumeTotalOriginal": 2}
        status, told = await self.ask("/td/ReqOrderInsert", other, bearer)
        self.assertEqual((status, told["ErrorID"]), (409, -409), told)
        wrong = {**order, "ClientOrderID": "a-2", "VolumeTotalOriginal": 0}
        status, told = await self.ask("/td/ReqOrderInsert", wrong, bearer)
        self.assertEqual((status, told["ClientOrder"]["Status"]), (422, "refused"), told)
        action = {
            **{"ClientOrderID": "a-3", "ActionFlag": "0", "InstrumentID": name},
            **{"OrderRef": references.pop(), "FrontID": 1},
        }
        status, told = await self.ask("/td/ReqOrderAction", action, bearer)
        self.assertIn(status, (202, 422), told)
