"""Exercises, abandonments and self-closes by day, exchange by exchange.

Pages QTYWGZ/QHQQDHQ-ZDCGZ, REQEXECORDERINSERT and REQOPTIONSELFCLOSEINSERT of CTP's document
6.7.8. Letters are OrderSubmitStatus and ExecResult of each push; a number is the ErrorID of a
refusal by CTP, told on both callbacks.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Event, Push, Reply
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

NEAR: Final = {
    "SHFE": ("al2612C21600", datetime(2026, 11, 24, 9, 30)),
    "INE": ("sc2701C455", datetime(2026, 12, 15, 9, 30)),
    "DCE": ("m2701-C-3050", datetime(2026, 12, 16, 9, 30)),
    "CZCE": ("SR701C5400", datetime(2026, 12, 11, 9, 30)),
    "GFEX": ("si2701-C-9000", datetime(2026, 12, 7, 9, 30)),
    "CFFEX": ("IO2612-C-4550", datetime(2026, 12, 18, 9, 30)),
}
"""An option of each exchange, and the morning of its last day."""
SEED: Final = 2
"""With it every future stays within the strike prices of its options."""
BEFORE: Final = timedelta(days=-7)
"""A week before the last day is a trading day, too."""
TELLERS: Final = {
    "OnRtnExecOrder": "ExecResult",
    "OnRtnOptionSelfClose": "ExecResult",
}


def letters(events: Iterable[Event]) -> Iterable[str]:
    """What a session is told: states of pushes, ErrorIDs of refusals, E for a pushed refusal."""
    for event in events:
        match event:
            case Push(callback=callback, values=values) if callback in TELLERS:
                yield f"{values['OrderSubmitStatus']}{values[TELLERS[callback]]}"
            case Push(callback=callback) if callback.startswith("OnErrRtn"):
                yield "E"
            case Reply(error=error) if error:
                yield str(error)
            case _:
                pass


class Holder:
    """User 1001, who has bought ``lots`` of an exchange's option on the day of ``shift``."""

    def __init__(
        self,
        exchange: str,
        shift: timedelta = timedelta(),
        lots: int = 5,
        name: str = "",
        **options: Any,
    ) -> None:
        near, last = NEAR[exchange]
        self.name, self.exchange = name or near, exchange
        self.bench = Bench(SimOptions(seed=SEED, **options), now=last + shift)
        self.session = self.bench.login()
        if lots:
            for _ in range(lots):
                self.bench.order(self.session, self.name)
            held = self.bench.exchange.accounts["9999", "1001"].positions
            assert held[self.name, "0", "1"].volume() == lots

    def exercise(self, **changes: Any) -> list[Event]:
        today = self.exchange in ("SHFE", "INE")
        values: dict[str, Any] = {
            "InvestorID": "1001",
            "UserID": "1001",
            "InstrumentID": self.name,
            "ExchangeID": self.exchange,
            "OffsetFlag": "3" if today else "1",
            "HedgeFlag": "1",
            "ActionType": "1",
            "PosiDirection": "2",
            "ReservePositionFlag": "0",
            "CloseFlag": "1",
            "Volume": 2,
            "RequestID": 5,
        }
        return self.bench.ask(self.session, "ReqExecOrderInsert", **{**values, **changes})

    def withdraw(self, **changes: Any) -> list[Event]:
        values: dict[str, Any] = {
            "InvestorID": "1001",
            "UserID": "1001",
            "InstrumentID": self.name,
            "ExchangeID": self.exchange,
            "FrontID": 1,
            "SessionID": self.session,
            "ActionFlag": "0",
        }
        return self.bench.ask(self.session, "ReqExecOrderAction", **{**values, **changes})

    def self_close(self, **changes: Any) -> list[Event]:
        values: dict[str, Any] = {
            "InvestorID": "1001",
            "UserID": "1001",
            "InstrumentID": self.name,
            "ExchangeID": self.exchange,
            "HedgeFlag": "1",
            "OptSelfCloseFlag": "1",
            "Volume": 3,
        }
        return self.bench.ask(self.session, "ReqOptionSelfCloseInsert", **{**values, **changes})

    def cancel_self_close(self, **changes: Any) -> list[Event]:
        values: dict[str, Any] = {
            "InvestorID": "1001",
            "UserID": "1001",
            "InstrumentID": self.name,
            "ExchangeID": self.exchange,
            "FrontID": 1,
            "SessionID": self.session,
            "ActionFlag": "0",
        }
        return self.bench.ask(self.session, "ReqOptionSelfCloseAction", **{**values, **changes})

    def rows(self, query: str = "ReqQryExecOrder", **values: Any) -> list[Any]:
        return self.bench.rows(self.session, query, **values)


class Story(SynchronousTestCase):
    """What is told of an instruction, with the books audited after it."""

    def told(self, holder: Holder, events: list[Event], wanted: str, note: object = "") -> None:
        self.assertEqual(" ".join(letters(events)), wanted, f"{holder.name} {note}")
        audit(holder.bench.exchange)


class Table(Story):
    """Which instruction each exchange takes, and when."""

    EARLY: Final = {
        # exercise, abandonment, Volume 0; "early" is a week before the last day
        "SHFE": ("0a 3n", "0a 4n", "71 E"),
        "INE": ("0a 3n", "0a 4n", "71 E"),
        "DCE": ("0a 3n", "87 E", "0a 4n"),
        "CZCE": ("0a 3n", "0a 4n", "71 E"),
        "GFEX": ("0a 3n", "87 E", "0a 4n"),
        "CFFEX": ("27 E", "27 E", "27 E"),
    }
    LATE: Final = {
        "SHFE": ("0a 3n", "0a 3n", "71 E"),
        "INE": ("0a 3n", "0a 3n", "71 E"),
        "DCE": ("0a 3n", "87 E", "0a 3n"),
        "CZCE": ("0a 3n", "0a 3n", "71 E"),
        "GFEX": ("0a 3n", "87 E", "0a 3n"),
        "CFFEX": ("27 E", "27 E", "27 E"),
    }

    @holds("QHQQDHQ-ZDCGZ-1", "QHQQDHQ-ZDCGZ-2", "REQEXECORDERINSERT-1")
    def test_by_day_and_exchange(self) -> None:
        for shift, table in ((BEFORE, self.EARLY), (timedelta(), self.LATE)):
            for exchange, wanted in table.items():
                holder = Holder(exchange, shift)
                asked: tuple[dict[str, Any], ...] = {}, {"ActionType": "2"}, {"Volume": 0}
                for changes, told in zip(asked, wanted, strict=True):
                    self.told(holder, holder.exercise(**changes), told, (shift, changes))

    @holds("QHQQDHQ-ZDCGZ-2")
    def test_european_options_before_their_last_day(self) -> None:
        holder = Holder("SHFE", name="cu2701C86000")
        events = holder.exercise()
        self.told(holder, events, "0a 4n")
        last = pushes(events, "OnRtnExecOrder")[-1]
        self.assertEqual(last["StatusMsg"], "报单被拒绝SHFE:不在宣告期内")
        self.assertEqual(last["ExecOrderSysID"], "")

    def test_european_options_on_their_last_day(self) -> None:
        holder = Holder("SHFE", name="cu2612C86000")
        self.told(holder, holder.exercise(), "0a 3n")

    @holds("QHQQDHQ-ZDCGZ-8")
    def test_self_closes_by_exchange(self) -> None:
        taken = dict.fromkeys(("SHFE", "INE", "DCE", "GFEX"), "0a 3n")
        for exchange, told in {**taken, "CZCE": "27 E", "CFFEX": "27 E"}.items():
            # Without any position: neither position nor money is checked.
            holder = Holder(exchange, BEFORE, lots=0)
            self.told(holder, holder.self_close(), told)

    @holds("QHQQDHQ-ZDCGZ-10")
    def test_positions_are_kept_on_shfe_alone(self) -> None:
        for exchange, told in {"SHFE": "0a 3n", "INE": "3043 E", "DCE": "3043 E"}.items():
            holder = Holder(exchange, lots=0)
            self.told(holder, holder.self_close(OptSelfCloseFlag="2"), told)


class Numbers(Story):
    """The three kinds of number, and what rows show."""

    @holds("JKZYXZYXHSM-11")
    def test_an_exercise(self) -> None:
        holder = Holder("DCE")
        first, second = pushes(holder.exercise(ExecOrderRef="8"), "OnRtnExecOrder")
        for row in (first, second):
            self.assertEqual((row["FrontID"], row["SessionID"]), (1, holder.session))
            self.assertEqual((row["ExecOrderRef"], row["RequestID"]), ("8", 5))
            self.assertEqual(row["ExecOrderLocalID"], first["ExecOrderLocalID"])
            self.assertEqual((row["InvestorID"], row["Volume"]), ("1001", 2))
        self.assertEqual(first["ExecOrderSysID"], "")
        self.assertTrue(second["ExecOrderSysID"].strip())
        self.assertEqual(holder.rows(), [second])

    @holds("JKZYXZYXHSM-11", "ONRTNOPTIONSELFCLOSE-1")
    def test_dce_numbers_no_self_close(self) -> None:
        for exchange, numbered in {"SHFE": True, "DCE": False}.items():
            holder = Holder(exchange, lots=0)
            told = pushes(holder.self_close(OptionSelfCloseRef="4"), "OnRtnOptionSelfClose")
            self.assertEqual(bool(told[-1]["OptionSelfCloseSysID"]), numbered, exchange)
            self.assertEqual([row["ActiveUserID"] for row in told], ["", ""])
            events = holder.cancel_self_close(OptionSelfCloseRef="4")
            self.told(holder, events, "3c")
            self.assertEqual(pushes(events, "OnRtnOptionSelfClose")[0]["ActiveUserID"], "1001")

    @holds("REQEXECORDERINSERT-2")
    def test_references_grow_and_may_be_left_out(self) -> None:
        holder = Holder("DCE", lots=9)
        for ref, told in (
            ("5", "0a 3n"),
            ("5", "67 E"),
            ("4", "67 E"),
            ("x1", "71 E"),
            ("", "0a 3n"),
            ("7", "0a 3n"),
        ):
            self.told(holder, holder.exercise(ExecOrderRef=ref, Volume=1), told, ref)
        # One that is refused has not been used.
        self.told(holder, holder.exercise(ExecOrderRef="8", Volume=99), "74 E")
        self.assertEqual([row["ExecOrderRef"] for row in holder.rows()], ["5", "6", "7"])
        self.told(holder, holder.exercise(ExecOrderRef="8", Volume=1), "0a 3n")
        # OrderRefs count for themselves.
        self.assertEqual(holder.bench.exchange.sessions[holder.session].max_ref, 9)

    def test_queries_filter(self) -> None:
        holder = Holder("DCE")
        number = pushes(holder.exercise(), "OnRtnExecOrder")[1]["ExecOrderSysID"]
        for found, fields in (
            (1, {}),
            (1, {"ExecOrderSysID": number.strip()}),
            (0, {"ExecOrderSysID": "77"}),
            (0, {"ExchangeID": "SHFE"}),
            (0, {"InstrumentID": "m2701-C-3100"}),
            (0, {"InsertTimeStart": "09:31:00"}),
            (1, {"InsertTimeStart": "09:30:00", "InsertTimeEnd": "09:30:00"}),
        ):
            self.assertEqual(len(holder.rows(**fields)), found, fields)

    @holds("QHQQDHQ-ZDCGZ-9")
    def test_shfe_keeps_one_record(self) -> None:
        holder = Holder("SHFE", lots=0)
        holder.self_close(OptionSelfCloseRef="3", Volume=3)
        events = holder.self_close(OptionSelfCloseRef="9", Volume=5)
        self.told(holder, events, "3n")
        (row,) = holder.rows("ReqQryOptionSelfClose")
        self.assertEqual((row["OptionSelfCloseRef"], row["Volume"]), ("3", 5))
        # Also after it has been withdrawn.
        holder.cancel_self_close(OptionSelfCloseSysID=row["OptionSelfCloseSysID"])
        events = holder.self_close(Volume=1)
        (row,) = pushes(events, "OnRtnOptionSelfClose")
        self.assertEqual((row["OptionSelfCloseRef"], row["Volume"]), ("3", 1))
        self.assertEqual((row["CancelTime"], row["ActiveUserID"]), ("", ""))

    def test_dce_takes_one_and_no_other_before_it_is_withdrawn(self) -> None:
        holder = Holder("DCE", lots=0)
        holder.self_close(OptionSelfCloseRef="3")
        self.told(holder, holder.self_close(), "3046 E")
        holder.cancel_self_close(OptionSelfCloseRef="3")
        self.told(holder, holder.self_close(), "0a 3n")

    @holds("QHQQDHQ-ZDCGZ-6")
    def test_dce_answers_a_repetition_with_the_first(self) -> None:
        holder = Holder("DCE")
        first = pushes(holder.exercise(Volume=0, ExecOrderRef="3"), "OnRtnExecOrder")[-1]
        events = holder.exercise(Volume=0, ExecOrderRef="4", RequestID=6)
        self.told(holder, events, "3n")
        (again,) = pushes(events, "OnRtnExecOrder")
        for name in ("ExecOrderRef", "ExecOrderSysID", "RequestID"):
            self.assertEqual(again[name], first[name])
        self.assertEqual(len(holder.rows()), 1)


class Locks(Story):
    """Lots and money under exercise."""

    def position(self, holder: Holder) -> Any:
        return holder.rows("ReqQryInvestorPosition", InstrumentID=holder.name)[0]

    @holds("QHQQDHQ-ZDCGZ-3", "ONRSPQRYINVESTORPOSITION-8")
    def test_exercise_sets_lots_and_money_aside(self) -> None:
        holder = Holder("DCE")
        before: Any = holder.bench.funds(holder.session)
        holder.exercise(ExecOrderRef="3")
        row = self.position(holder)
        self.assertEqual((row["StrikeFrozen"], row["AbandonFrozen"]), (2, 0))
        # Volume x the future's margin at the pre-settlement price: 2 x 10 t x price x 0.10 or so.
        (rate,) = holder.rows("ReqQryInstrumentMarginRate", InstrumentID="m2701")
        (tick,) = holder.rows("ReqQryDepthMarketData", InstrumentID="m2701")
        each = round(tick["PreSettlementPrice"] * 10 * rate["LongMarginRatioByMoney"], 2)
        self.assertAlmostEqual(row["StrikeFrozenAmount"], 2 * each)
        after: Any = holder.bench.funds(holder.session)
        self.assertAlmostEqual(after["FrozenMargin"], 2 * each)
        self.assertAlmostEqual(before["Available"] - after["Available"], 2 * each)
        self.assertEqual(after["Balance"], before["Balance"])
        holder.withdraw(ExecOrderRef="3")
        self.assertEqual(self.position(holder)["StrikeFrozen"], 0)
        self.assertEqual(holder.bench.funds(holder.session), before)

    @holds("QHQQDHQ-ZDCGZ-3")
    def test_abandonment_sets_lots_aside_only(self) -> None:
        holder = Holder("CZCE")
        before = holder.bench.funds(holder.session)
        self.told(holder, holder.exercise(ActionType="2"), "0a 3n")
        row = self.position(holder)
        self.assertEqual((row["StrikeFrozen"], row["AbandonFrozen"]), (0, 2))
        self.assertEqual(holder.bench.funds(holder.session), before)

    def test_lots_under_exercise_cannot_be_closed(self) -> None:
        for exchange in ("SHFE", "DCE"):
            for action in ("1", "2") if exchange == "SHFE" else ("1",):
                holder = Holder(exchange)
                holder.exercise(ActionType=action)
                sell = {"Direction": "1", "CombOffsetFlag": "3", "LimitPrice": 1.0}
                wanted = 50 if exchange == "SHFE" else 30
                sell["VolumeTotalOriginal"] = 4
                values = holder.bench.input(holder.name, **sell)
                code = holder.bench.refused(holder.session, "ReqOrderInsert", **values)
                self.assertEqual(code, wanted, exchange)
                self.assertIsNone(
                    holder.bench.refused(
                        holder.session, "ReqOrderInsert", **{**values, "VolumeTotalOriginal": 3}
                    )
                )
                audit(holder.bench.exchange)

    def test_lots_under_closing_orders_cannot_be_exercised(self) -> None:
        holder = Holder("DCE")
        upper = holder.bench.market(holder.name).day.upper / 10_000
        sell = {"Direction": "1", "CombOffsetFlag": "1", "LimitPrice": upper}
        holder.bench.order(holder.session, holder.name, VolumeTotalOriginal=4, **sell)
        self.told(holder, holder.exercise(Volume=2), "74 E")
        self.told(holder, holder.exercise(Volume=1), "0a 3n")

    @holds("QHQQDHQ-ZDCGZ-4")
    def test_shfe_tells_days_apart(self) -> None:
        holder = Holder("SHFE")
        for flag, told in (("1", "74 E"), ("4", "74 E"), ("3", "0a 3n")):
            self.told(holder, holder.exercise(OffsetFlag=flag), told, flag)
        holder = Holder("SHFE", timedelta(days=-1))
        holder.bench.run(24 * 3600)
        for flag, told in (("3", "74 E"), ("1", "0a 3n"), ("4", "0a 3n")):
            self.told(holder, holder.exercise(OffsetFlag=flag), told, flag)
        self.assertEqual(self.position(holder)["StrikeFrozen"], 4)
        self.assertEqual(self.position(holder)["PositionDate"], "2")

    def test_neither_more_lots_nor_more_money_than_there_is(self) -> None:
        holder = Holder("DCE")
        self.told(holder, holder.exercise(Volume=6), "74 E")
        self.told(holder, holder.exercise(Volume=5), "0a 3n")
        one = Holder("DCE", lots=1)
        paid = 10_000_000 - float(str(one.bench.funds(one.session)["Available"]))
        one.exercise(Volume=1)
        need = self.position(one)["StrikeFrozenAmount"]
        poor = Holder("DCE", lots=2, balance=2.2 * paid + 1.5 * need)
        self.told(poor, poor.exercise(Volume=2), "74 E")
        self.told(poor, poor.exercise(Volume=1), "0a 3n")

    def test_another_hedge_flag_is_another_position(self) -> None:
        holder = Holder("DCE")
        self.told(holder, holder.exercise(HedgeFlag="3"), "74 E")


class Refusals(Story):
    """CTP's codes, on both callbacks, and nothing else."""

    def test_exercises(self) -> None:
        for code, changes in (
            (12, {"BrokerID": "1"}),
            (13, {"InvestorID": "1002"}),
            (16, {"InstrumentID": "m2701-C-99"}),
            (16, {"ExchangeID": "SHFE"}),
            (148, {"ExchangeID": "XXX"}),
            (69, {"InstrumentID": "m2701"}),
            (81, {"ActionType": "3"}),
            (81, {"ActionType": ""}),
            (71, {"OffsetFlag": "0"}),
            (71, {"OffsetFlag": ""}),
            (71, {"HedgeFlag": "2"}),
            (71, {"ReservePositionFlag": ""}),
            (71, {"CloseFlag": ""}),
            (71, {"PosiDirection": "3"}),
            (71, {"Volume": -1}),
        ):
            holder = Holder("DCE")
            self.told(holder, holder.exercise(**changes), f"{code} E", changes)
            self.assertEqual(holder.rows(), [])

    @holds("REQEXECORDERINSERT-1")
    def test_czce_closes_nothing_by_itself(self) -> None:
        holder = Holder("CZCE")
        self.told(holder, holder.exercise(CloseFlag="0"), "71 E")

    def test_exchange_may_be_left_out(self) -> None:
        holder = Holder("DCE")
        self.told(holder, holder.exercise(ExchangeID=""), "0a 3n")

    def test_without_user_id_only_the_answer_comes(self) -> None:
        holder = Holder("DCE")
        self.told(holder, holder.exercise(UserID="", Volume=9), "74")

    @holds("QHQQDHQ-ZDCGZ-7", "V6.7.8-1")
    def test_withdrawals_of_exercises(self) -> None:
        for code, changes in (
            ("146 E", {"InvestorID": ""}),
            ("147 E", {"ExchangeID": ""}),
            ("148 E", {"ExchangeID": "XXX"}),
            ("71 E", {"ActionFlag": "3"}),
            ("73 E", {"ExecOrderRef": "9"}),
            ("73 E", {"ExecOrderSysID": "99"}),
            ("73 E", {"SessionID": 99}),
            ("73 E", {"InstrumentID": "m2701-C-3100"}),
            ("3c", {}),
        ):
            holder = Holder("DCE")
            holder.exercise(ExecOrderRef="4")
            self.told(holder, holder.withdraw(**{"ExecOrderRef": "4", **changes}), code, changes)
        self.told(holder, holder.withdraw(ExecOrderRef="4"), "72 E")

    def test_one_is_withdrawn_by_its_number_from_another_session(self) -> None:
        holder = Holder("DCE")
        number = pushes(holder.exercise(), "OnRtnExecOrder")[1]["ExecOrderSysID"]
        holder.session = holder.bench.login()
        events = holder.withdraw(FrontID=0, SessionID=0, ExecOrderSysID=number.strip())
        self.told(holder, events, "3c")
        (row,) = pushes(events, "OnRtnExecOrder")
        self.assertEqual((row["CancelTime"], row["ActiveUserID"]), ("09:30:00", "1001"))

    @holds("V6.7.8-1")
    def test_self_closes(self) -> None:
        refused: tuple[tuple[int, dict[str, Any]], ...] = (
            (3041, {"InstrumentID": "al2701"}),
            (3043, {"OptSelfCloseFlag": "4"}),
            (3043, {"HedgeFlag": ""}),
            (3043, {"Volume": 0}),
            (3042, {"OptionSelfCloseRef": "x"}),
        )
        for code, changes in refused:
            holder = Holder("SHFE", lots=0)
            self.told(holder, holder.self_close(**changes), f"{code} E", changes)
        holder.self_close(OptionSelfCloseRef="4")
        for told, wrong in (
            ("146 E", {"InvestorID": ""}),
            ("147 E", {"ExchangeID": ""}),
            ("3043 E", {"ActionFlag": "3", "OptionSelfCloseRef": "4"}),
            ("3044 E", {"OptionSelfCloseRef": "5"}),
            ("3c", {"OptionSelfCloseRef": "4"}),
            ("3045 E", {"OptionSelfCloseRef": "4"}),
        ):
            self.told(holder, holder.cancel_self_close(**wrong), told, wrong)


class Hours(Story):
    """The exchanges' own clock: trading times, and 15:30 on the last day."""

    def at(self, moment: datetime, name: str) -> Holder:
        holder = Holder("SHFE", lots=0, name=name)
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        holder.bench = Bench(SimOptions(seed=7), hours, moment.replace(hour=14, minute=0))
        holder.session = holder.bench.login()
        holder.bench.order(holder.session, name, VolumeTotalOriginal=2)
        holder.bench.run((moment - holder.bench.now).total_seconds())
        return holder

    @holds("QHQQDHQ-ZDCGZ-2")
    def test_when_exercises_are_taken(self) -> None:
        for name, hour, minute, told in (
            ("al2612C21600", 14, 59, "0a 3n"),
            ("al2612C21600", 15, 29, "0a 3n"),
            ("al2701C21600", 14, 59, "0a 3n"),
            ("al2701C21600", 15, 1, "0a 4n"),
        ):
            holder = self.at(datetime(2026, 11, 24, hour, minute), name)
            self.told(holder, holder.exercise(), told, (hour, minute))

    def test_nothing_is_withdrawn_while_the_exchange_is_closed(self) -> None:
        holder = self.at(datetime(2026, 11, 24, 14, 59), "al2701C21600")
        holder.exercise(ExecOrderRef="4")
        holder.bench.run(120)
        self.told(holder, holder.withdraw(ExecOrderRef="4"), "91 E")
        self.told(holder, holder.self_close(), "0a 4n")
