"""Faults: seeded, and each what it says."""

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import runtime
from webctp.ctp.codec import codec_for
from webctp.sim.host.faults import REASONS, Fate, Faults
from webctp.sim.host.packing import Delivery
from webctp.sim.options import FaultOptions

ORDER = codec_for(runtime.load().td).layout("CThostFtdcOrderField")


def messages(count: int) -> list[Delivery]:
    return [Delivery("OnRtnOrder", ORDER.pack({}), flow=n + 1) for n in range(count)]


class FaultsBySeed(SynchronousTestCase):
    """The same seed gives the same failures."""

    ALL = FaultOptions(
        return_error=0.2,
        no_answer=0.2,
        slow_answer=0.2,
        not_ready=0.2,
        lost_ack=0.2,
        duplicate=0.2,
        reorder=0.2,
        garbage=0.2,
        disconnect=10,
    )

    def story(self, seed: int) -> list[object]:
        faults = Faults(self.ALL, seed)
        names = ("ReqQryOrder", "ReqOrderInsert", "ReqUserLogin", "ReqOrderAction")
        told: list[object] = [faults.fate(name) for name in names * 20]
        told += faults.disturb(messages(20), lambda callback: ORDER)
        told += [faults.seconds_to_next(10), faults.reason(), faults.choose([1, 2, 3])]
        return told + [faults.return_value() for _ in range(50)]

    def test_again(self) -> None:
        self.assertEqual(self.story(1), self.story(1))
        self.assertNotEqual(self.story(1), self.story(2))

    def test_none_without_options(self) -> None:
        faults, batch = Faults(FaultOptions(), 1), messages(9)
        self.assertEqual({faults.fate("ReqQryOrder") for _ in range(99)}, {Fate.HANDLED})
        self.assertEqual({faults.return_value() for _ in range(99)}, {0})
        self.assertIs(faults.disturb(batch, lambda callback: ORDER), batch)
        self.assertIsNone(faults.seconds_to_next(0))
        self.assertIsNone(faults.choose([]))

    def test_fates(self) -> None:
        for options, name, fate in (
            (FaultOptions(no_answer=1), "ReqOrderInsert", Fate.SWALLOWED),
            (FaultOptions(slow_answer=1), "ReqQryOrder", Fate.DELAYED),
            (FaultOptions(not_ready=1), "ReqUserLogin", Fate.NOT_READY),
            (FaultOptions(not_ready=1), "ReqOrderInsert", Fate.HANDLED),
            (FaultOptions(lost_ack=1), "ReqOrderInsert", Fate.CUT_OFF),
            (FaultOptions(lost_ack=1), "ReqOrderAction", Fate.HANDLED),
        ):
            self.assertIs(Faults(options, 1).fate(name), fate)

    def test_only_pushes_are_doubled(self) -> None:
        faults = Faults(FaultOptions(duplicate=1), 1)
        answer = Delivery("OnRspQryOrder", None, request_id=1)
        got = faults.disturb([*messages(2), answer], lambda callback: None)
        self.assertEqual([one.flow for one in got], [1, 1, 2, 2, 0])

    def test_reordering_loses_nothing(self) -> None:
        faults = Faults(FaultOptions(reorder=0.5), 1)
        batch = messages(30)
        got = faults.disturb(batch, lambda callback: None)
        self.assertNotEqual(got, batch)
        self.assertEqual(Counter(one.flow for one in got), Counter(one.flow for one in batch))

    def test_garbage_is_one_stray_byte(self) -> None:
        faults = Faults(FaultOptions(garbage=1), 1)
        spoilt = faults.disturb(messages(1), lambda callback: ORDER)[0]
        assert spoilt.body is not None
        values = ORDER.unpack(spoilt.body)
        strange = [value for value in values.values() if "\ufffd" in str(value)]
        self.assertEqual(len(strange), 1)
        self.assertIn(Faults(FaultOptions(disconnect=1), 1).reason(), REASONS)
