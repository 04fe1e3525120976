"""Combining and splitting: what is told, what is refused, what becomes of positions and margins."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes
from tests.sim.statementreader import reader_of
from webctp.exchanges import calendar, productfile
from webctp.sim.accounts.accountfile import Opening
from webctp.sim.events import Event, Push, Reply
from webctp.sim.host.state import StateFile
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

RICH: Final = 50_000_000.0
SPREAD: Final = "SP m2701&m2705"
STRADDLE: Final = "STD m2705-C-3000&m2705-P-3000"
LEGS: Final = {
    SPREAD: (("m2701", "0"), ("m2705", "1")),
    "SP m2701&m2701": (("m2701", "0"), ("m2701", "1")),
    "SPC y2701&p2705": (("y2701", "0"), ("p2705", "1")),
    "SP si2702&si2703": (("si2702", "0"), ("si2703", "1")),
    "SPD SR701&SR705": (("SR701", "0"), ("SR705", "1")),
    "IPS SF701&SM701": (("SF701", "0"), ("SM701", "1")),
    STRADDLE: (("m2705-C-3000", "1"), ("m2705-P-3000", "1")),
    "STG m2705-P-2900&m2705-C-3100": (("m2705-P-2900", "1"), ("m2705-C-3100", "1")),
    "PRT m2705-C-3000&m2705": (("m2705-C-3000", "1"), ("m2705", "0")),
    "PRT m2705-P-3000&m2705": (("m2705-P-3000", "1"), ("m2705", "1")),
    "BLS m2705-C-3000&m2705-C-3100": (("m2705-C-3000", "0"), ("m2705-C-3100", "1")),
    "BES m2705-P-3100&m2705-P-3050": (("m2705-P-3100", "1"), ("m2705-P-3050", "0")),
    "CAS m2703-C-3000&m2705-C-3000": (("m2703-C-3000", "1"), ("m2705-C-3000", "0")),
    "BFO m2705-C-3000&m2705": (("m2705-C-3000", "0"), ("m2705", "1")),
    "OPL m2705-C-3000&m2705-C-3000": (("m2705-C-3000", "0"), ("m2705-C-3000", "1")),
}
"""Combination -> the positions that it is made of, in the direction that `DIRECTIONS` gives."""
SOLD: Final = frozenset({"STD", "STG", "PRT", "BES", "CAS"})


def direction_of(name: str) -> str:
    """Return a direction that a combination has."""
    return "1" if name.partition(" ")[0] in SOLD else "0"


class Desk:
    """User 1001 with positions, who combines and splits them."""

    def __init__(self, **options: Any) -> None:
        self.bench = Bench(SimOptions(seed=7, balance=RICH, **options))
        self.session = self.bench.login()

    @property
    def account(self) -> Any:
        return self.bench.exchange.accounts["9999", "1001"]

    def trade(
        self, name: str, side: str, lots: int, *, closes: bool = False, **changes: Any
    ) -> list[Event]:
        """Open or close at once."""
        day = self.bench.market(name).day
        direction = side if not closes else "10"[int(side)]
        price = (day.upper if direction == "0" else day.lower) / 10_000
        events = self.bench.order(
            self.session,
            name,
            Direction=direction,
            CombOffsetFlag="1" if closes else "0",
            LimitPrice=price,
            VolumeTotalOriginal=lots,
            **changes,
        )
        traded = sum(row["Volume"] for row in pushes(events, "OnRtnTrade"))
        assert traded == lots, (name, traded)
        return events

    def hold(self, name: str, lots: int = 3, **changes: Any) -> list[Event]:
        """Open the legs of a combination."""
        legs = LEGS[name]
        return [event for leg, side in legs for event in self.trade(leg, side, lots, **changes)]

    def act(self, name: str, volume: int = 1, **changes: Any) -> list[Event]:
        contract = self.bench.exchange.markets.must(name.partition(" ")[2].partition("&")[0])
        values: dict[str, Any] = {
            "UserID": "1001",
            "InstrumentID": name,
            "ExchangeID": contract.exchange,
            "Direction": direction_of(name),
            "Volume": volume,
            "CombDirection": "0",
            "HedgeFlag": "1",
        }
        return self.bench.ask(self.session, "ReqCombActionInsert", **{**values, **changes})

    def rows(self, query: str, **values: object) -> list[Any]:
        return self.bench.rows(self.session, query, **values)

    def row(self, name: str, side: str) -> Mapping[str, Any]:
        """The row of a position: '2' long, '3' short."""
        found = [
            row
            for row in self.rows("ReqQryInvestorPosition")
            if (row["InstrumentID"], row["PosiDirection"]) == (name, side)
        ]
        one: Mapping[str, Any]
        (one,) = found
        return one

    @property
    def money(self) -> Mapping[str, Any]:
        return self.bench.funds(self.session)


def told(events: list[Event]) -> str:
    """ActionStatus of each OnRtnCombAction, and the codes of refusals."""
    letters = []
    for event in events:
        if isinstance(event, Push) and event.callback == "OnRtnCombAction":
            letters.append(str(event.values["ActionStatus"]))
        elif isinstance(event, Push | Reply):
            letters.append(f"{event.callback.removeprefix('On')[:3]}{event.error}")
    return " ".join(letters)


class Sequences(SynchronousTestCase):
    """What each action is answered by."""

    @holds("REQCOMBACTIONINSERT-1", "DCEZB-2", "ONRTNCOMBACTION-1")
    def test_every_kind_is_combined_and_split(self) -> None:
        for name in LEGS:
            desk = Desk()
            desk.hold(name)
            before = desk.money
            self.assertEqual(told(desk.act(name, 2)), "a b", name)
            (held,) = desk.account.combined.values()
            self.assertEqual(held.volume(), 2, name)
            audit(desk.bench.exchange)
            self.assertEqual(told(desk.act(name, 2, CombDirection="1")), "a b", name)
            self.assertEqual(desk.money, before, name)
            audit(desk.bench.exchange)

    @holds("DCEZB-3", "REQQRYCOMBACTION-1")
    def test_what_is_told_and_queried(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        (submitted, accepted) = pushes(desk.act(SPREAD, CombActionRef="5"), "OnRtnCombAction")
        self.assertEqual((submitted["CombActionRef"], submitted["SessionID"]), ("5", desk.session))
        self.assertNotIn("ComTradeID", submitted)
        self.assertEqual(accepted["ComTradeID"], "1")
        desk.act(SPREAD, CombDirection="1")
        rows = desk.rows("ReqQryCombAction")
        self.assertEqual([row["CombDirection"] for row in rows], ["0", "1"])
        self.assertEqual({row["ActionStatus"] for row in rows}, {"b"})
        self.assertEqual(rows[0], accepted)
        self.assertEqual(desk.rows("ReqQryCombAction", ExchangeID="CZCE"), [])
        self.assertEqual(desk.rows("ReqQryCombAction", InstrumentID=STRADDLE), [])

    def test_a_closed_exchange_rejects(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        desk = Desk()
        desk.bench = Bench(SimOptions(seed=7, balance=RICH), hours, datetime(2026, 11, 24, 11, 20))
        desk.session = desk.bench.login()
        desk.hold(SPREAD)
        before = deepcopy(asdict(desk.account))
        desk.bench.run(1200)
        events = desk.act(SPREAD)
        self.assertEqual(told(events), "a c")
        self.assertEqual(
            pushes(events, "OnRtnCombAction")[1]["StatusMsg"], "DCE:当前状态禁止此项操作"
        )
        self.assertEqual(asdict(desk.account), before)

    def test_mixed_hedge_flags(self) -> None:
        desk = Desk()
        desk.trade("m2701", "0", 2, CombHedgeFlag="1")
        desk.trade("m2705", "1", 2, CombHedgeFlag="3")
        self.assertEqual(told(desk.act(SPREAD, HedgeFlag="6")), "a b")
        self.assertEqual(desk.row(SPREAD, "2")["HedgeFlag"], "6")
        flags = [row["HedgeFlag"] for row in desk.rows("ReqQryInvestorPositionCombineDetail")]
        self.assertEqual(flags, ["1", "3"])


class Refusals(SynchronousTestCase):
    """OnRspCombActionInsert and OnErrRtnCombActionInsert, and nothing changes."""

    def refused(self, desk: Desk, code: int, name: str = SPREAD, **changes: Any) -> None:
        before = repr(desk.account)
        self.assertEqual(told(desk.act(name, **changes)), f"Rsp{code} Err{code}", (name, changes))
        self.assertEqual(repr(desk.account), before)
        audit(desk.bench.exchange)

    @holds("DCEZB-3", "REQCOMBACTIONINSERT-1")
    def test_fields(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        for code, changes in (
            (9, {"CombDirection": "2"}),
            (12, {"BrokerID": "1"}),
            (13, {"InvestorID": "1002"}),
            (15, {"CombDirection": ""}),
            (15, {"CombDirection": "3"}),
            (15, {"Direction": "2"}),
            (15, {"Volume": 0}),
            (15, {"Volume": -1}),
            (15, {"CombActionRef": "x"}),
            (61, {"HedgeFlag": ""}),
            (61, {"HedgeFlag": "2"}),
            (147, {"ExchangeID": ""}),
            (148, {"ExchangeID": "NYSE"}),
            (16, {"ExchangeID": "CZCE"}),
        ):
            self.refused(desk, code, **changes)

    @holds("DCEZB-2")
    def test_directions_that_a_kind_has_not(self) -> None:
        desk = Desk()
        for name in LEGS:
            if name.partition(" ")[0] in ("SP", "SPC", "SPD", "IPS") and name != "SP m2701&m2701":
                continue
            self.refused(desk, 16, name, Direction="10"[int(direction_of(name))])

    def test_names(self) -> None:
        desk = Desk()
        for name in ("SP m2705&m2701", "XX m2701&m2705", "STD m2705-P-3000&m2705-C-3000"):
            self.refused(desk, 16, name)
        self.refused(desk, 16, "SP cu2701&cu2702")

    @holds("DCEZB-1")
    def test_a_leg_of_the_first_day_is_not_in_the_table_yet(self) -> None:
        day = datetime(2026, 11, 16, 10)
        desk = Desk()
        desk.bench = Bench(SimOptions(seed=7, balance=RICH), now=day)
        desk.session = desk.bench.login()
        listed = desk.bench.exchange.markets.instruments
        (new,) = [
            name
            for name, one in listed.items()
            if one.product.product_id == "m" and one.series.open_date == day.date()
        ]
        desk.trade("m2705", "0", 1)
        desk.trade(new, "1", 1)
        self.refused(desk, 16, f"SP m2705&{new}")
        desk.bench.run(24 * 3600)
        self.assertEqual(told(desk.act(f"SP m2705&{new}")), "a b")

    def test_positions(self) -> None:
        desk = Desk()
        self.refused(desk, 30)
        desk.trade("m2701", "0", 3)
        self.refused(desk, 30)
        desk.trade("m2705", "1", 2)
        self.refused(desk, 30, Volume=3)
        self.refused(desk, 30, Direction="1")
        self.refused(desk, 30, HedgeFlag="3")
        self.refused(desk, 30, CombDirection="1")
        self.assertEqual(told(desk.act(SPREAD, 2)), "a b")
        self.refused(desk, 30)
        self.refused(desk, 30, CombDirection="1", Volume=3)

    def test_lots_under_a_closing_order_are_not_combined(self) -> None:
        desk = Desk()
        desk.hold(SPREAD, 2)
        upper = desk.bench.market("m2701").day.upper / 10_000
        desk.bench.order(
            desk.session,
            "m2701",
            Direction="1",
            CombOffsetFlag="1",
            LimitPrice=upper,
            VolumeTotalOriginal=1,
        )
        self.refused(desk, 30, Volume=2)
        self.assertEqual(told(desk.act(SPREAD, 1)), "a b")

    def test_czce(self) -> None:
        desk = Desk()
        desk.hold("SPD SR701&SR705")
        for flag in ("3", "6", "7"):
            self.refused(desk, 61, "SPD SR701&SR705", HedgeFlag=flag)
        self.refused(desk, 16, "PRT SR705&SR705C5300", Direction="1")

    @holds("ERRORS-2")
    def test_153_splitting_without_money(self) -> None:
        desk = Desk()
        desk.hold(SPREAD, 100)
        desk.act(SPREAD, 100)
        account = desk.account
        account.withdraw += round(desk.money["Available"] * 10_000) - 10_000
        self.assertAlmostEqual(desk.money["Available"], 1.0, 2)
        self.refused(desk, 153, CombDirection="1", Volume=100)
        self.assertEqual(told(desk.act(SPREAD, 1, CombDirection="1")), "Rsp153 Err153")

    def test_references_grow_and_may_be_left_out(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        self.assertEqual(told(desk.act(SPREAD, CombActionRef="7")), "a b")
        self.refused(desk, 22, CombActionRef="7")
        (row, _) = pushes(desk.act(SPREAD), "OnRtnCombAction")
        self.assertEqual(row["CombActionRef"], "8")

    def test_rights_and_confirmation(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        desk.bench.exchange.users["9999", "1001"].right = 28
        self.refused(desk, 28)
        desk.bench.exchange.users["9999", "1001"].right = 29
        self.assertEqual(told(desk.act(SPREAD)), "a b")
        desk.bench.exchange.users["9999", "1001"].confirmed = ""
        self.refused(desk, 42)

    def test_without_a_user_no_push(self) -> None:
        desk = Desk()
        self.assertEqual(told(desk.act(SPREAD, UserID="")), "Rsp30")


class Positions(SynchronousTestCase):
    """Rows, and what closing makes of combined lots."""

    @holds("DCEZB-4", "DCEZB-7")
    def test_a_combination_is_a_third_row_and_no_detail(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        before = desk.rows("ReqQryInvestorPositionDetail")
        desk.act(SPREAD, 2)
        row = desk.row(SPREAD, "2")
        self.assertEqual((row["Position"], row["TodayPosition"], row["YdPosition"]), (2, 2, 0))
        for name, side in (("m2701", "2"), ("m2705", "3")):
            leg = desk.row(name, side)
            self.assertEqual((leg["Position"], leg["CombPosition"]), (3, 2))
            self.assertEqual(leg.get("PositionCostOffset", 0), 0)
        after = desk.rows("ReqQryInvestorPositionDetail")
        names = [row["InstrumentID"] for row in after]
        self.assertEqual(names, [row["InstrumentID"] for row in before])
        desk.act(SPREAD, 2, CombDirection="1")
        self.assertNotIn(SPREAD, [r["InstrumentID"] for r in desk.rows("ReqQryInvestorPosition")])

    @holds("ONRSPQRYINVESTORPOSITIONCOMBINEDETAIL-1")
    def test_legs_belong_together_by_ComTradeID(self) -> None:
        desk = Desk()
        for lots in (1, 1, 3):
            desk.trade("m2701", "0", lots)
        desk.trade("m2705", "1", 5)
        desk.act(SPREAD, 4)
        desk.act(SPREAD, 1)
        rows = desk.rows("ReqQryInvestorPositionCombineDetail", CombInstrumentID=SPREAD)
        names = ("ComTradeID", "LegID", "InstrumentID", "Direction", "TotalAmt")
        found = [tuple(row[name] for name in names) for row in rows]
        self.assertEqual(
            found,
            [
                *[("1", 1, "m2701", "0", lots) for lots in (1, 1, 2)],
                ("1", 2, "m2705", "1", 4),
                ("2", 1, "m2701", "0", 1),
                ("2", 2, "m2705", "1", 1),
            ],
        )
        margin = sum(row["Margin"] for row in rows)
        self.assertAlmostEqual(margin, desk.money["CurrMargin"], 2)
        self.assertAlmostEqual(margin, desk.row(SPREAD, "2")["UseMargin"], 2)
        self.assertEqual(
            desk.rows("ReqQryInvestorPositionCombineDetail", CombInstrumentID=STRADDLE), []
        )

    @holds("DCEZB-5", "DCEZB-9")
    def test_single_lots_are_closed_before_combined_ones(self) -> None:
        desk = Desk()
        desk.hold(SPREAD, 3)
        desk.act(SPREAD, 2)
        desk.trade("m2701", "0", 1, closes=True)
        self.assertEqual(desk.row(SPREAD, "2")["Position"], 2)
        desk.trade("m2701", "0", 1, closes=True)
        self.assertEqual(desk.row(SPREAD, "2")["Position"], 1)
        self.assertEqual(desk.row("m2705", "3")["CombPosition"], 1)
        audit(desk.bench.exchange)
        desk.trade("m2701", "0", 1, closes=True)
        self.assertEqual(desk.account.combined[SPREAD, "0", "1"].volume(), 0)
        self.assertEqual(desk.row("m2705", "3")["Position"], 3)
        audit(desk.bench.exchange)

    @holds("DCEZB-5")
    def test_combinations_are_broken_by_priority(self) -> None:
        desk = Desk()
        covered, straddle = "PRT m2705-C-3000&m2705", STRADDLE
        desk.hold(covered, 1)
        desk.hold(straddle, 1)
        desk.act(straddle, 1)
        desk.act(covered, 1)
        self.assertEqual(desk.row("m2705-C-3000", "3")["CombPosition"], 2)
        desk.trade("m2705-C-3000", "1", 1, closes=True)
        self.assertEqual(desk.account.combined[covered, "1", "1"].volume(), 0)
        self.assertEqual(desk.account.combined[straddle, "1", "1"].volume(), 1)
        audit(desk.bench.exchange)

    @holds("DCEZB-5")
    def test_of_one_kind_the_youngest_is_broken_first(self) -> None:
        other = "SP m2701&m2703"
        for again, overnight in ((False, False), (True, False), (False, True), (True, True)):
            desk = Desk()
            desk.trade("m2701", "0", 2)
            for leg in ("m2703", "m2705"):
                desk.trade(leg, "1", 1)
            for name in (other, SPREAD):
                self.assertEqual(told(desk.act(name, Direction="0")), "a b")
            if again:
                desk.act(other, Direction="0", CombDirection="1")
                desk.act(other, Direction="0")
            if overnight:
                desk.bench.run(8 * 3600)
            desk.trade("m2701", "0", 1, closes=True)
            volumes = {key[0]: held.volume() for key, held in desk.account.combined.items()}
            self.assertEqual(volumes[other], 0 if again else 1, (again, overnight))
            self.assertEqual(volumes[SPREAD], 1 if again else 0, (again, overnight))
            audit(desk.bench.exchange)

    @holds("DCEZB-6", "ONRSPQRYINVESTORPOSITIONDETAIL-3")
    def test_profit_goes_first_in_first_out_and_margin_by_single_lots(self) -> None:
        desk = Desk()
        desk.trade("m2701", "0", 2)
        desk.trade("m2705", "1", 2)
        desk.act(SPREAD, 2)
        desk.bench.run(120)
        desk.trade("m2701", "0", 1)
        first, _ = desk.account.positions["m2701", "0", "1"].lots
        desk.trade("m2701", "0", 1, closes=True)
        rows = desk.rows("ReqQryInvestorPositionDetail", InstrumentID="m2701")
        told = [(row["TimeFirstVolume"], row["Volume"]) for row in rows]
        self.assertEqual(told, [(1, 2), (2 - 1, 0)])
        (trade,) = [row for row in desk.rows("ReqQryTrade") if row["OffsetFlag"] == "1"]
        gain = (trade["Price"] - first.open_price / 10_000) * 10
        self.assertAlmostEqual(desk.money["CloseProfit"], gain, 4)
        self.assertEqual(desk.row(SPREAD, "2")["Position"], 2)
        margins = sum(row["Margin"] for row in desk.rows("ReqQryInvestorPositionDetail"))
        self.assertAlmostEqual(margins, desk.money["CurrMargin"], 2)
        audit(desk.bench.exchange)


class Days(SynchronousTestCase):
    """Settlement, and the state file."""

    def test_combinations_stay_and_are_numbered_by_the_day(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        desk.hold("SPC y2701&p2705")
        desk.act(SPREAD, 2)
        desk.act("SPC y2701&p2705", 1)
        desk.bench.run(8 * 3600)
        row = desk.row(SPREAD, "2")
        self.assertEqual((row["Position"], row["TodayPosition"], row["YdPosition"]), (2, 0, 2))
        rows = desk.rows("ReqQryInvestorPositionCombineDetail")
        numbers = {row["ComTradeID"] for row in rows}
        self.assertEqual(numbers, {"20261124000001", "20261124000002"})
        self.assertAlmostEqual(
            desk.money["PreMargin"], sum(row["UseMargin"] for row in self.legs(desk)), 2
        )
        audit(desk.bench.exchange)
        statement = reader_of(desk.rows("ReqQrySettlementInfo"))
        margin = statement.summary["Margin Occupied"]
        self.assertEqual(f"{margin}", f"{desk.money['PreMargin']:.2f}")
        self.assertEqual(statement.sum("持仓明细", "保证金"), margin)
        self.assertEqual(statement.sum("持仓汇总", "保证金占用"), margin)
        self.assertEqual(told(desk.act(SPREAD, 2, CombDirection="1")), "a b")
        self.assertEqual(desk.rows("ReqQryCombAction")[0]["CombDirection"], "1")

    def legs(self, desk: Desk) -> list[Any]:
        return [r for r in desk.rows("ReqQryInvestorPosition") if "&" not in r["InstrumentID"]]

    def test_a_leg_that_ends_breaks_the_combination(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        desk = Desk()
        desk.bench = Bench(SimOptions(seed=7, balance=RICH), hours, datetime(2026, 12, 14, 14, 30))
        desk.session = desk.bench.login()
        name = "SP m2612&m2701"
        desk.trade("m2612", "0", 1)
        desk.trade("m2701", "1", 1)
        self.assertEqual(told(desk.act(name)), "a b")
        desk.bench.run(3 * 3600)
        self.assertEqual(desk.account.combined, {})
        self.assertEqual(desk.account.positions["m2701", "1", "1"].combined, 0)
        audit(desk.bench.exchange)

    @holds("ONRSPQRYINVESTORPOSITION-9")
    def test_czce_covers_options_at_settlement_and_they_are_closed_by_legs(self) -> None:
        desk = Desk()
        desk.trade("SR705C5300", "1", 2)
        desk.trade("SR705", "0", 1)
        desk.trade("SR707P5300", "1", 1)
        self.assertEqual(desk.account.combined, {})
        desk.bench.run(8 * 3600)
        row = desk.row("PRT SR705&SR705C5300", "3")
        self.assertEqual((row["Position"], row["YdPosition"]), (1, 1))
        audit(desk.bench.exchange)
        desk.bench.ask(desk.session, "ReqSettlementInfoConfirm")
        desk.trade("SR705", "0", 1, closes=True)
        self.assertEqual(desk.account.combined["PRT SR705&SR705C5300", "1", "1"].volume(), 0)
        audit(desk.bench.exchange)

    def test_the_state_file_keeps_them(self) -> None:
        path = Path(self.mktemp())
        desk = Desk()
        file = StateFile(str(path), 7)
        events = desk.hold(SPREAD) + desk.act(SPREAD, 2)
        events += desk.act(SPREAD, 1, CombDirection="1")
        file.save(desk.bench.exchange, events, {})
        other = Bench(SimOptions(seed=7, balance=RICH), now=desk.bench.now)
        file.load(other.exchange)
        self.addCleanup(file.close)
        mine, theirs = desk.account, other.exchange.accounts["9999", "1001"]
        self.assertEqual(repr(theirs.combined), repr(mine.combined))
        piece = theirs.combined[SPREAD, "0", "1"].groups[0].pieces[0][0]
        self.assertIs(piece.lot, theirs.positions["m2701", "0", "1"].lots[0])
        session = other.login()
        self.assertEqual(other.rows(session, "ReqQryCombAction"), desk.rows("ReqQryCombAction"))
        audit(other.exchange)


class Restoring(SynchronousTestCase):
    """Combining and splitting what one holds changes nothing in the end."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(sorted(LEGS)), st.integers(1, 3)), max_size=8),
        st.randoms(use_true_random=False),
    )
    def test_to_the_cent(self, actions: list[tuple[str, int]], random: Any) -> None:
        desk = self.desk()
        before, detail = desk.money, desk.rows("ReqQryInvestorPositionDetail")
        positions = desk.rows("ReqQryInvestorPosition")
        done = []
        for name, volume in actions:
            spent = desk.money["CurrMargin"]
            if told(desk.act(name, volume)) == "a b":
                done.append((name, volume))
                self.assertLessEqual(desk.money["CurrMargin"], spent)
            audit(desk.bench.exchange)
        random.shuffle(done)
        for name, volume in done:
            self.assertEqual(told(desk.act(name, volume, CombDirection="1")), "a b")
            audit(desk.bench.exchange)
        self.assertEqual(desk.money, before)
        self.assertEqual(desk.rows("ReqQryInvestorPositionDetail"), detail)
        self.assertEqual(desk.rows("ReqQryInvestorPosition"), positions)

    def desk(self) -> Desk:
        desk = Desk()
        for name in LEGS:
            desk.hold(name, 3)
        return desk


class Openings(SynchronousTestCase):
    """The account file's rights reach actions too."""

    def test_rights_none(self) -> None:
        desk = Desk()
        desk.bench.exchange.openings = {"1003": Opening("", "", None, 28)}
        session = desk.bench.login("1003")
        events = desk.bench.ask(
            session, "ReqCombActionInsert", InstrumentID=SPREAD, ExchangeID="DCE", UserID="1003"
        )
        self.assertEqual(told(events), "Rsp28 Err28")
