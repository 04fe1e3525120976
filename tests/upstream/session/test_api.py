"""An API instance: opened whole or not at all, released once, never called afterwards."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.builds import with_method
from tests.conformance import holds
from webctp.ctp import catalog
from webctp.ctp.bridge import Bridge, CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.testing import FakeFront, Fatal, ThreadlessReactor
from webctp.upstream.session import flow
from webctp.upstream.session.api import NOT_CONNECTED, SETTLING, NativeApi
from webctp.upstream.session.apiqueue import ApiQueue

OPENING = ["create_trader", "RegisterSpi", "RegisterFront", "Init"]


class ConnectionCase(SynchronousTestCase):
    """A connection to a fake front, its threads in the test's hands."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.front = FakeFront(connects=False)
        self.flow_base = self.mktemp()
        self.delivered: list[CallbackEvent] = []
        self.catalogue = catalog.trading()
        self.connection = self.made(self.delivered.extend)

    def made(self, deliver: Callable[[Iterable[CallbackEvent]], object]) -> NativeApi:
        """A connection whose callbacks go to ``deliver``."""
        return NativeApi(
            apis=ApiQueue.on(self.reactor),
            create=self.front.create_trader,
            prepare=self.prepare,
            catalogue=self.catalogue,
            bridge=Bridge(self.reactor, deliver),
            flow_base=self.flow_base,
            flow_identity=("td", "front", "user"),
            production_mode=True,
        )

    def prepare(self, api: Any) -> None:
        api.RegisterFront("tcp://one:1")

    def open(self, *, settled: bool = True) -> list[Any]:
        """Open; the list receives None or the failure's exception.

        :param settled: whether the front answers at once, one way or the other.
        """
        outcome: list[Any] = []
        if settled:
            self.connection.settled()
        self.connection.open().addCallbacks(
            outcome.append, lambda failure: outcome.append(failure.value)
        )
        self.reactor.turn()
        return outcome

    def close(self) -> list[Any]:
        outcome: list[Any] = []
        self.connection.close().addBoth(outcome.append)
        self.reactor.turn()
        return outcome

    def call(self) -> int:
        method = self.catalogue.methods["ReqQryInvestor"]
        layout = codec_for(self.catalogue.module).layout(method.request_struct)
        return self.connection.call(method, layout.pack({"InvestorID": "user"}), 7)

    def tearDown(self) -> None:
        self.connection.settled()
        self.close()

    def assertFlowIsFree(self) -> None:
        """The first slot can be locked again."""
        held = flow.acquire(self.flow_base, "td", "front", "user")
        self.addCleanup(held.release)
        self.assertTrue(held.path.endswith("/0/"), held.path)


class Opening(ConnectionCase):
    """What is called, in which order."""

    @holds("JYJK-3", "REGISTERSPI-1")
    def test_the_order(self) -> None:
        self.assertEqual(self.open(), [None])
        self.assertEqual(self.front.names, OPENING)

    def test_the_flow_directory_and_the_mode_are_passed_on(self) -> None:
        self.open()
        path, mode = self.front.last("create_trader").arguments
        self.assertTrue(os.path.isdir(path))
        self.assertIs(mode, True)

    def test_nothing_is_called_before_it_is_open(self) -> None:
        self.assertEqual(self.call(), NOT_CONNECTED)
        self.assertEqual(self.front.calls, [])

    def test_a_callback_during_init_finds_an_api_that_can_be_called(self) -> None:
        self.front.connects = True
        self.front.on("ReqQryInvestor", silent=True)
        results: list[int] = []
        self.connection = self.made(lambda events: results.append(self.call()))
        self.open()
        self.assertEqual(results, [0])


class Failing(ConnectionCase):
    """Whatever goes wrong while opening, nothing is left behind."""

    def assertNothingLeft(self, outcome: list[Any], problem: Exception, released: int) -> None:
        self.assertEqual(outcome, [problem])
        self.assertEqual(self.front.names.count("Release"), released)
        self.assertFalse(self.connection.usable)
        self.assertFlowIsFree()
        self.assertEqual(self.close(), [None])
        self.assertEqual(self.front.names.count("Release"), released)

    def test_create_fails(self) -> None:
        problem = RuntimeError("no library")
        self.front.fail("create_trader", problem)
        self.assertNothingLeft(self.open(), problem, released=0)

    def test_prepare_fails(self) -> None:
        problem = RuntimeError("no such address")
        self.front.fail("RegisterFront", problem)
        self.assertNothingLeft(self.open(), problem, released=1)

    def test_init_fails(self) -> None:
        problem = RuntimeError("no threads left")
        self.front.fail("Init", problem)
        self.assertNothingLeft(self.open(), problem, released=1)

    @holds("MD-CREATEFTDCMDAPI-1")
    def test_no_flow_directory(self) -> None:
        with open(self.flow_base, "w"):
            pass
        (problem,) = self.open()
        self.assertIsInstance(problem, flow.FlowError)
        self.assertEqual(self.front.calls, [])
        self.assertEqual(self.close(), [None])

    def test_a_failing_release_still_unlocks_and_is_logged(self) -> None:
        self.open()
        self.front.fail("Release", RuntimeError("stuck"))
        self.assertEqual(self.close(), [None])
        self.assertFlowIsFree()
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)


class Closing(ConnectionCase):
    """Release comes once, and last."""

    @holds("GXLS-1")
    def test_it_is_released_and_unlocked(self) -> None:
        self.open()
        self.assertEqual(self.close(), [None])
        self.assertEqual(self.front.names[len(OPENING) :], ["Release"])
        self.assertFlowIsFree()

    def test_closing_twice_releases_once(self) -> None:
        self.open()
        self.assertEqual(self.close() + self.close(), [None, None])
        self.assertEqual(self.front.names.count("Release"), 1)

    def test_closing_what_was_never_opened(self) -> None:
        self.assertEqual(self.close(), [None])
        self.assertEqual(self.front.calls, [])

    def test_nothing_is_called_after_close(self) -> None:
        self.open()
        self.close()
        methods = self.catalogue.methods
        before = len(self.front.calls)
        self.assertEqual(self.call(), NOT_CONNECTED)
        self.assertIsNone(self.connection.text(methods["GetTradingDay"]))
        self.assertEqual(len(self.front.calls), before)

    @with_method("GetFrontInfo")
    def test_nothing_is_filled_after_close(self) -> None:
        self.open()
        self.close()
        before = len(self.front.calls)
        self.assertIsNone(self.connection.fill(self.catalogue.methods["GetFrontInfo"]))
        self.assertEqual(len(self.front.calls), before)

    def test_nothing_is_called_while_the_release_is_under_way(self) -> None:
        self.open()
        self.reactor.hold_threads = True
        closed = self.close()
        self.assertEqual(self.call(), NOT_CONNECTED)
        self.assertEqual(closed, [])
        self.reactor.run_threads()
        self.assertEqual(closed, [None])

    def test_the_fake_would_have_noticed(self) -> None:
        self.open()
        self.close()
        with self.assertRaises(Fatal):
            self.front.api.ReqQryInvestor(None, 1)


class Settling(ConnectionCase):
    """An API that still connects is not released in the middle of that."""

    def test_the_release_waits_until_the_front_has_answered(self) -> None:
        self.open(settled=False)
        closed = self.close()
        self.assertNotIn("Release", self.front.names)
        self.assertEqual((self.call(), closed), (NOT_CONNECTED, []))
        self.connection.settled()
        self.reactor.turn()
        self.assertEqual((closed, self.front.names[-1]), ([None], "Release"))
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_it_waits_no_longer_than_the_bound(self) -> None:
        self.open(settled=False)
        closed = self.close()
        self.reactor.advance(SETTLING - 0.1)
        self.assertNotIn("Release", self.front.names)
        self.reactor.advance(0.2)
        self.assertEqual((closed, self.front.names[-1]), ([None], "Release"))

    def test_the_bound_counts_from_init(self) -> None:
        self.open(settled=False)
        self.reactor.advance(SETTLING)
        self.assertEqual(self.close(), [None])

    def test_closed_twice_meanwhile_it_is_released_once(self) -> None:
        self.open(settled=False)
        first, second = self.close(), self.close()
        self.connection.settled()
        self.reactor.turn()
        self.assertEqual((first, second), ([None], [None]))
        self.assertEqual(self.front.names.count("Release"), 1)


class Races(ConnectionCase):
    """Opening and closing at the same time."""

    def test_closed_while_opening(self) -> None:
        self.reactor.hold_threads = True
        opened, closed = self.open(), self.close()
        self.assertEqual(self.call(), NOT_CONNECTED)
        while self.reactor.getDelayedCalls() or not closed:
            self.reactor.run_threads()
        self.assertEqual((opened, closed), ([None], [None]))
        self.assertEqual(self.front.names, [*OPENING, "Release"])
        self.assertFlowIsFree()

    def test_closed_while_an_opening_fails(self) -> None:
        self.reactor.hold_threads = True
        self.front.fail("Init", RuntimeError("no threads left"))
        opened, closed = self.open(), self.close()
        while self.reactor.getDelayedCalls() or not closed:
            self.reactor.run_threads()
        self.assertIsInstance(opened[0], RuntimeError)
        self.assertEqual(self.front.names.count("Release"), 1)
        self.assertFlowIsFree()


class Calls(ConnectionCase):
    """What reaches the API."""

    def test_a_request_with_its_struct_and_number(self) -> None:
        self.open()
        self.assertEqual(self.call(), 0)
        call = self.front.last("ReqQryInvestor")
        self.assertEqual((call.values["InvestorID"], call.request_id), ("user", 7))

    def test_what_the_api_returns(self) -> None:
        self.open()
        self.front.on("ReqQryInvestor", returns=-3)
        self.assertEqual(self.call(), -3)

    @with_method("GetFrontInfo")
    def test_a_struct_to_fill(self) -> None:
        self.open()
        self.front.on("GetFrontInfo", answer={"FrontAddr": "tcp://one:1"})
        method = self.catalogue.methods["GetFrontInfo"]
        raw = self.connection.fill(method)
        assert raw is not None
        layout = codec_for(self.catalogue.module).layout(method.request_struct)
        self.assertEqual(layout.text(raw, "FrontAddr"), "tcp://one:1")

    def test_text(self) -> None:
        self.open()
        self.assertEqual(self.connection.text(self.catalogue.methods["GetTradingDay"]), "20240102")

    def test_callbacks_arrive_whole_although_their_memory_is_wiped(self) -> None:
        self.open()
        self.front.push("OnRtnTrade", {"TradeID": "1", "Price": 2.5})
        self.reactor.turn()
        ((callback, body, _, _, _),) = self.delivered
        assert body is not None
        values = codec_for(self.catalogue.module).layout(callback.body_struct).unpack(body)
        self.assertEqual((values["TradeID"], values["Price"]), ("1", 2.5))


class RenewTests(ConnectionCase):
    """An API in the place of another."""

    def renew(self) -> None:
        self.connection.renew()
        self.reactor.turn()

    def test_one_is_released_before_the_next_is_made_on_the_same_flow(self) -> None:
        self.open()
        self.renew()
        self.assertEqual([api.released for api in self.front.apis], [True, False])
        names = [name for name in self.front.names if name in ("Init", "Release")]
        self.assertEqual(names, ["Init", "Release", "Init"])
        made = [call for call in self.front.calls if call.name == "create_trader"]
        self.assertEqual(made[0].arguments, made[1].arguments)

    def test_no_request_reaches_the_one_that_goes(self) -> None:
        self.open()
        self.reactor.hold_threads = True
        self.connection.renew()
        method = self.catalogue.methods["ReqQryOrder"]
        body = b"\0" * 4096
        self.assertEqual(self.connection.call(method, body, 1), -1)
        self.assertFalse(self.connection.usable)
        self.reactor.hold_threads = False
        self.reactor.run_threads()
        self.assertTrue(self.connection.usable)

    def test_closed_meanwhile_nothing_is_left(self) -> None:
        self.open()
        self.reactor.hold_threads = True
        self.connection.renew()
        self.connection.close()
        self.reactor.hold_threads = False
        self.reactor.run_threads()
        self.reactor.advance(60)
        self.assertTrue(all(api.released for api in self.front.apis))

    def test_closed_or_not_open_there_is_nothing_to_renew(self) -> None:
        self.renew()
        self.open()
        self.connection.close()
        self.reactor.turn()
        self.renew()
        self.assertEqual([api.released for api in self.front.apis], [True])

    def test_one_that_cannot_be_made_is_told(self) -> None:
        self.open()
        self.front.fail("create_trader", OSError("no more"))
        renewed = self.connection.renew()
        self.reactor.turn()
        self.failureResultOf(renewed).trap(OSError)
        self.assertFalse(self.connection.usable)
