"""Quotes and requests for quotes, exchange by exchange.

Pages QTYWGZ/DJHDGZ, QTYWGZ/BJHXJ, JKZYXZYXHSM 2, REQQUOTEINSERT and REQQUOTEACTION of CTP's
document 6.7.8. ``q`` is a RtnQuote with its QuoteStatus, ``s`` and ``b`` a RtnOrder of the order
to sell and to buy with its OrderStatus, ``S`` and ``B`` their RtnTrade, ``E`` a pushed refusal,
and a number the ErrorID of an answer.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.broker.test_exercise import SEED
from tests.sim.helpers import MORNING, Bench, pushes
from webctp.exchanges import calendar, productfile
from webctp.sim.accounts.accountfile import Opening
from webctp.sim.events import Event, Notice, Push, Reply
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

QUOTED: Final = {
    "SHFE": "al_o",
    "INE": "sc_o",
    "CFFEX": "IO",
    "CZCE": "SRC",
    "DCE": "m_o",
    "GFEX": "si_o",
}
"""A product of options of each exchange."""
WHOLE: Final = ("SHFE", "INE", "CFFEX", "CZCE")
"""Exchanges that cancel quotes whole only."""
DALIAN: Final = ("DCE", "GFEX")


def wide(bench: Bench, product: str) -> str:
    """An option whose prices are some ticks apart, so that there is room between them."""
    for name, listed in bench.exchange.markets.instruments.items():
        if listed.product.product_id != product:
            continue
        contract = bench.exchange.markets.must(name)
        market = bench.market(name)
        bid, ask = market.best("0"), market.best("1")
        lasts = contract.expiry > MORNING.toordinal() + 14
        if lasts and bid and ask and ask - bid >= 4 * contract.tick and bid > 8 * contract.tick:
            return name
    raise AssertionError(f"{product}: no option with room for a quote")


def letters(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        match event:
            case Push(callback="OnRtnQuote", values=values):
                yield f"q{values['QuoteStatus']}"
            case Push(callback="OnRtnOrder", values=values):
                yield f"{'bs'[int(str(values['Direction']))]}{values['OrderStatus']}"
            case Push(callback="OnRtnTrade", values=values):
                yield "BS"[int(str(values["Direction"]))]
            case Push(callback=callback) if callback.startswith("OnErrRtn"):
                yield "E"
            case Reply(error=error) if error:
                yield str(error)
            case _:
                pass


class Maker:
    """User 1001, who quotes an option of an exchange, and user 1002, who trades with the quote."""

    def __init__(self, exchange: str, name: str = "", **options: Any) -> None:
        self.exchange = exchange
        self.bench = Bench(SimOptions(seed=SEED, **options))
        self.name = name or wide(self.bench, QUOTED[exchange])
        self.session, self.other = self.bench.login(), self.bench.login("1002")
        market = self.bench.market(self.name)
        self.tick = market.contract.tick / 10_000
        self.bid = self.bench.best(self.name, "0") + self.tick
        self.ask = self.bench.best(self.name, "1") - self.tick

    def quote(self, **changes: Any) -> list[Event]:
        values: dict[str, Any] = {
            "InvestorID": "1001",
            "UserID": "1001",
            "InstrumentID": self.name,
            "ExchangeID": self.exchange,
            "AskPrice": self.ask,
            "BidPrice": self.bid,
            "RequestID": 888,
        }
        for side in ("Ask", "Bid"):
            values |= {f"{side}Volume": 1, f"{side}OffsetFlag": "0", f"{side}HedgeFlag": "1"}
        return self.mine(self.bench.ask(self.session, "ReqQuoteInsert", **{**values, **changes}))

    def cancel(self, **changes: Any) -> list[Event]:
        values: dict[str, Any] = {
            "InvestorID": "1001",
            "UserID": "1001",
            "InstrumentID": self.name,
            "ExchangeID": self.exchange,
            "FrontID": 1,
            "SessionID": self.session,
            "QuoteRef": "1",
            "ActionFlag": "0",
        }
        return self.mine(self.bench.ask(self.session, "ReqQuoteAction", **{**values, **changes}))

    def cancel_leg(self, direction: str) -> list[Event]:
        row = next(row for row in self.rows("ReqQryOrder") if row["Direction"] == direction)
        named = ("FrontID", "SessionID", "OrderRef", "InstrumentID", "ExchangeID")
        return self.mine(
            self.bench.ask(
                self.session,
                "ReqOrderAction",
                **{name: row[name] for name in named},
                InvestorID="1001",
                UserID="1001",
                ActionFlag="0",
            )
        )

    def hit(self, direction: str) -> list[Event]:
        """Let 1002 buy or sell one lot at once; gives what 1001 is told."""
        price = self.bid if direction == "1" else self.ask
        events = self.bench.order(
            self.other,
            self.name,
            UserID="1002",
            Direction=direction,
            LimitPrice=price,
            TimeCondition="1",
        )
        return self.mine(events)

    def mine(self, events: Iterable[Event]) -> list[Event]:
        return [
            event
            for event in events
            if not isinstance(event, Push) or event.account == ("9999", "1001")
        ]

    def rows(self, query: str = "ReqQryQuote", **values: Any) -> list[Any]:
        return self.bench.rows(self.session, query, **values)


def told(events: Iterable[Event]) -> str:
    return " ".join(letters(events))


class Case(SynchronousTestCase):
    """What is told, with the books audited after it."""

    def told(self, maker: Maker, events: list[Event], wanted: str, note: object = "") -> None:
        self.assertEqual(told(events), wanted, f"{maker.exchange} {note}")
        audit(maker.bench.exchange)


class Sequences(Case):
    """The pages' scenarios; the buying side is answered first but on DCE."""

    ENTERED: Final = {
        **dict.fromkeys(WHOLE, "sa ba qa q3 b3 s3"),
        **dict.fromkeys(DALIAN, "sa ba qa q3 s3 b3"),
    }

    @holds("DJHDGZ-2")
    def test_it_waits(self) -> None:
        for exchange, wanted in self.ENTERED.items():
            maker = Maker(exchange)
            self.told(maker, maker.quote(), wanted)

    @holds("DJHDGZ-2", "DJHDGZ-3", "BJHXJ-7")
    def test_both_sides_trade(self) -> None:
        last = {
            "CZCE": "q0 s0 S",
            "CFFEX": "q0 s0 S",
            "SHFE": "s0 S",
            "INE": "s0 S",
            "DCE": "s0 S",
            "GFEX": "s0 S",
        }
        for exchange, wanted in last.items():
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.hit("1"), "b0 B", "bid")
            self.told(maker, maker.hit("0"), wanted, "ask")
            status = maker.rows()[0]["QuoteStatus"]
            self.assertEqual(status, "0" if "q0" in wanted else "3", exchange)

    @holds("BJHXJ-7")
    def test_shfe_cancels_what_has_traded(self) -> None:
        maker = Maker("SHFE")
        maker.quote()
        maker.hit("1")
        maker.hit("0")
        self.told(maker, maker.cancel(), "q5")
        self.told(maker, maker.cancel(), "26 E")

    @holds("DJHDGZ-3")
    def test_cancelled_whole(self) -> None:
        for exchange in WHOLE:
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.cancel(), "q5 s5 b5")
            self.told(maker, maker.cancel(), "26 E")
        for exchange in DALIAN:
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.cancel(), "s3 b3 q3 s5 b5")
            # CTP takes it for one that waits; the exchange refuses.
            self.told(maker, maker.cancel(), "E")

    @holds("DJHDGZ-1")
    def test_single_orders_are_cancelled_on_dce_only(self) -> None:
        for exchange in WHOLE:
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.cancel_leg("0"), "b3 E")
            self.told(maker, maker.cancel_leg("1"), "s3 E")
        for exchange in DALIAN:
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.cancel_leg("0"), "b3 b5")
            self.told(maker, maker.cancel_leg("1"), "s3 s5")
            self.assertEqual(maker.rows()[0]["QuoteStatus"], "3")

    @holds("DJHDGZ-4")
    def test_a_new_one_cancels_the_one_before(self) -> None:
        for exchange in WHOLE:
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.quote(), "sa ba qa q5 b5 s5 q3 b3 s3")
        for exchange in DALIAN:
            maker = Maker(exchange)
            maker.quote()
            self.told(maker, maker.quote(), self.ENTERED[exchange])

    def test_what_is_left_of_it_is_cancelled(self) -> None:
        maker = Maker("CZCE")
        maker.quote(AskVolume=2, BidVolume=2)
        self.told(maker, maker.hit("1"), "b1 B")
        self.told(maker, maker.cancel(), "q5 s5 b5")
        rows = maker.rows("ReqQryOrder")
        self.assertEqual(sorted(row["VolumeTraded"] for row in rows), [0, 1])

    def test_one_side_on_dce(self) -> None:
        maker = Maker("DCE")
        self.told(maker, maker.quote(AskVolume=0), "ba qa q3 b3")
        self.told(maker, maker.quote(BidVolume=0), "sa qa q3 s3")

    def test_the_exchange_refuses(self) -> None:
        def upside_down(maker: Maker) -> dict[str, Any]:
            return {"AskPrice": maker.bid, "BidPrice": maker.ask}

        def without_price(maker: Maker) -> dict[str, Any]:
            return {"AskPrice": 0.0, "BidPrice": 0.0}

        cases: tuple[tuple[str, Callable[[Maker], dict[str, Any]], str], ...] = (
            ("DCE", upside_down, "DCE:卖价必须大于买价"),
            ("CZCE", upside_down, "CZCE:卖价必须大于买价"),
            ("CFFEX", without_price, "CFFEX:价格跌破跌停板"),
        )
        for exchange, changes, reason in cases:
            maker = Maker(exchange)
            events = maker.quote(**changes(maker))
            self.told(maker, events, "sa ba qa q5 s5 b5")
            (row,) = maker.rows()
            self.assertEqual(row["StatusMsg"], f"已撤单报单被拒绝{reason}")
            self.assertEqual((row["OrderSubmitStatus"], row["QuoteSysID"]), ("4", ""))

    def test_the_close_ends_it(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        for exchange, wanted in (("CZCE", "q5 s5 b5"), ("DCE", "s5 b5")):
            maker = Maker(exchange)
            name = maker.name
            maker.bench = Bench(SimOptions(seed=SEED), hours, datetime(2026, 11, 24, 14, 59))
            maker.session = maker.bench.login()
            market = maker.bench.market(name)
            low, high = market.day.lower / 10_000, market.day.upper / 10_000
            maker.quote(BidPrice=low, AskPrice=high)
            self.told(maker, maker.mine(maker.bench.run(120)), wanted)
            self.told(maker, maker.quote(), "sa ba qa q5 s5 b5", "closed")

    def test_an_auction_gathers_it(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        maker = Maker("DCE")
        maker.bench = Bench(SimOptions(seed=SEED), hours, datetime(2026, 11, 24, 20, 55, 30))
        maker.session = maker.bench.login()
        market = maker.bench.market(maker.name)
        low, high = market.day.lower / 10_000, market.day.upper / 10_000
        self.told(maker, maker.quote(BidPrice=low, AskPrice=high), "sa ba qa q3 s3 b3")
        self.told(maker, maker.mine(maker.bench.run(600)), "")
        self.told(maker, maker.cancel(), "s3 b3 q3 s5 b5")


class UnderWay(Case):
    """Quotes and their actions on the way to an exchange and back, 50 ms each."""

    def maker(self, exchange: str) -> Maker:
        maker = Maker(exchange)
        name = maker.name
        maker.bench = Bench(SimOptions(seed=SEED, latency=50.0))
        maker.session, maker.other = maker.bench.login(), maker.bench.login("1002")
        maker.name = name
        return maker

    def later(self, maker: Maker, milliseconds: float) -> list[Event]:
        return maker.mine(maker.bench.run(milliseconds / 1000))

    def test_it_is_known_when_the_exchange_has_answered(self) -> None:
        maker = self.maker("CZCE")
        self.told(maker, maker.quote(), "sa ba qa")
        # Amid this the exchange has it and CTP does not know: nothing to be audited.
        self.assertEqual(told(self.later(maker, 60)), "")
        self.told(maker, self.later(maker, 60), "q3 b3 s3")

    def test_one_is_cancelled_while_it_is_unknown(self) -> None:
        maker = self.maker("CZCE")
        maker.quote()
        self.told(maker, maker.cancel(), "")
        self.told(maker, maker.cancel(), "24 E")
        self.told(maker, self.later(maker, 300), "q3 b3 s3 q5 s5 b5")

    def test_two_on_their_way_replace_each_other(self) -> None:
        maker = self.maker("SHFE")
        maker.quote()
        maker.quote()
        self.told(maker, self.later(maker, 300), "q3 b3 s3 q5 b5 s5 q3 b3 s3")

    def test_what_trades_meanwhile_cannot_be_cancelled(self) -> None:
        maker = self.maker("CFFEX")
        maker.quote()
        self.later(maker, 300)
        maker.hit("1")
        maker.hit("0")
        self.told(maker, maker.cancel(), "")
        # The order to buy is filled first; the action comes when both are.
        self.told(maker, self.later(maker, 300), "b0 B q0 s0 S E")

    def test_the_days_end_lets_all_arrive(self) -> None:
        maker = self.maker("DCE")
        maker.quote()
        events = maker.mine(maker.bench.run(24 * 3600))
        self.told(maker, events, "q3 s3 b3 s5 b5")


class Numbers(Case):
    """How a quote and its orders name each other."""

    @holds("JKZYXZYXHSM-8", "JKZYXZYXHSM-10")
    def test_references(self) -> None:
        maker = Maker("SHFE")
        events = maker.quote(QuoteRef="7", AskOrderRef="11", BidOrderRef="12")
        for row in pushes(events, "OnRtnQuote"):
            self.assertEqual((row["QuoteRef"], row["RequestID"]), ("7", 888))
            self.assertEqual((row["AskOrderRef"], row["BidOrderRef"]), ("11", "12"))
            self.assertEqual((row["FrontID"], row["SessionID"]), (1, maker.session))
        for row in pushes(events, "OnRtnOrder"):
            self.assertEqual(row["OrderRef"], {"1": "11", "0": "12"}[row["Direction"]])
            self.assertEqual((row["FrontID"], row["SessionID"]), (1, maker.session))
            self.assertEqual(row["RequestID"], 888)
            self.assertNotIn("QuoteRef", row)

    @holds("BJHXJ-6")
    def test_without_references_the_orders_are_of_no_session(self) -> None:
        maker = Maker("DCE")
        events = maker.quote()
        quote = pushes(events, "OnRtnQuote")[0]
        self.assertEqual((quote["FrontID"], quote["SessionID"]), (1, maker.session))
        refs = set()
        for row in pushes(events, "OnRtnOrder"):
            self.assertEqual((row["FrontID"], row["SessionID"]), (0, 0))
            refs.add(row["OrderRef"])
        self.assertEqual(refs, {quote["AskOrderRef"], quote["BidOrderRef"]})
        self.assertEqual(len(refs), 2)

    @holds("JKZYXZYXHSM-9")
    def test_numbers_of_the_exchanges(self) -> None:
        for exchange in QUOTED:
            maker = Maker(exchange)
            # Whatever comes next takes none of the quote's numbers.
            quote = pushes(maker.quote(), "OnRtnQuote")[-1]
            maker.bench.order(maker.session, maker.name, LimitPrice=maker.bid)
            sells, buys = (
                next(
                    row["OrderSysID"]
                    for row in maker.rows("ReqQryOrder")
                    if row["Direction"] == side
                )
                for side in "10"
            )
            named = quote["AskOrderSysID"], quote["BidOrderSysID"]
            number = quote["QuoteSysID"].strip()
            if exchange == "CZCE":
                self.assertEqual((sells, buys), (f"a{number}", f"b{number}"))
                self.assertEqual(named, ("", ""))
            elif exchange in DALIAN:
                self.assertEqual(buys.strip(), number)
                self.assertEqual(int(sells), int(number) + 1)
                self.assertEqual(named, ("", ""))
            else:
                self.assertEqual(named, (sells, buys))
            known = [row["OrderSysID"] for row in maker.rows("ReqQryOrder")]
            self.assertEqual(len(set(known)), 3, exchange)

    @holds("ONRTNTRADE-3")
    def test_types_of_orders_and_trades(self) -> None:
        types = {"SHFE": ("", ""), "INE": ("", ""), "DCE": ("0", "0"), "GFEX": ("0", "0")}
        types |= {"CFFEX": ("1", "0"), "CZCE": ("1", "0")}
        for exchange, (of_order, of_trade) in types.items():
            maker = Maker(exchange)
            maker.quote()
            events = maker.hit("1")
            self.assertEqual(pushes(events, "OnRtnOrder")[0]["OrderType"], of_order, exchange)
            self.assertEqual(pushes(events, "OnRtnTrade")[0]["TradeType"], of_trade, exchange)
            plain = maker.bench.order(maker.session, maker.name, LimitPrice=maker.ask)
            wanted = "" if exchange in ("SHFE", "INE") else "0"
            own = [row for row in pushes(plain, "OnRtnOrder") if row["FrontID"]]
            self.assertEqual(own[-1]["OrderType"], wanted, exchange)

    @holds("REQQUOTEACTION-1")
    def test_cancelled_by_number_or_by_reference(self) -> None:
        for fields, wanted in (
            ({}, "q5 s5 b5"),
            ({"ExchangeID": ""}, "q5 s5 b5"),
            ({"QuoteSysID": "number", "SessionID": 0, "InstrumentID": ""}, "q5 s5 b5"),
            ({"QuoteSysID": "number", "ExchangeID": ""}, "147 E"),
            ({"QuoteSysID": "99"}, "86 E"),
            ({"InstrumentID": ""}, "86 E"),
            ({"QuoteRef": "2"}, "86 E"),
            ({"SessionID": 99}, "86 E"),
            ({"ActionFlag": "3"}, "23 E"),
            ({"InvestorID": ""}, "146 E"),
            ({"ExchangeID": "XXX"}, "148 E"),
        ):
            maker = Maker("SHFE")
            number = pushes(maker.quote(), "OnRtnQuote")[-1]["QuoteSysID"]
            changes: dict[str, Any] = dict(fields)
            if changes.get("QuoteSysID") == "number":
                changes["QuoteSysID"] = number
            self.told(maker, maker.cancel(**changes), wanted, fields)

    def test_another_users_quote_is_not_found(self) -> None:
        maker = Maker("SHFE")
        number = pushes(maker.quote(), "OnRtnQuote")[-1]["QuoteSysID"]
        values = {"InvestorID": "1002", "ExchangeID": "SHFE", "QuoteSysID": number}
        code = maker.bench.refused(maker.other, "ReqQuoteAction", ActionFlag="0", **values)
        self.assertEqual(code, 86)

    def test_queries_filter(self) -> None:
        maker = Maker("DCE")
        quote = pushes(maker.quote(), "OnRtnQuote")[-1]
        self.assertEqual(maker.rows(), [quote])
        for fields in (
            {"QuoteSysID": "99"},
            {"InstrumentID": "m2705"},
            {"ExchangeID": "SHFE"},
            {"InsertTimeStart": "09:30:01"},
        ):
            self.assertEqual(maker.rows(**fields), [], fields)


class Refusals(Case):
    """CTP's codes, on both callbacks, and nothing set aside."""

    @holds("REQQUOTEINSERT-1")
    def test_references_of_orders_grow(self) -> None:
        maker = Maker("SHFE")
        for ask, bid, wanted in (
            ("5", "4", "22 E"),
            ("5", "5", "22 E"),
            ("5", "6", Sequences.ENTERED["SHFE"]),
            ("6", "7", "22 E"),
            ("x", "8", "15 E"),
            ("8", "", "15 E"),
        ):
            events = maker.quote(AskOrderRef=ask, BidOrderRef=bid)
            self.told(maker, events, wanted, (ask, bid))
        # They are OrderRefs.
        values = maker.bench.input(maker.name, OrderRef="6", LimitPrice=maker.bid)
        self.assertEqual(maker.bench.refused(maker.session, "ReqOrderInsert", **values), 22)

    def test_references_of_quotes_grow(self) -> None:
        maker = Maker("DCE")
        for ref, wanted in (("3", ""), ("3", "22 E"), ("2", "22 E"), ("x", "15 E"), ("4", "")):
            events = maker.quote(QuoteRef=ref)
            self.told(maker, events, wanted or Sequences.ENTERED["DCE"], ref)

    @holds("REQQUOTEINSERT-2")
    def test_volumes(self) -> None:
        one_sided = {"AskVolume": 0}
        unequal = {"AskVolume": 2}
        nothing = {"AskVolume": 0, "BidVolume": 0}
        for exchange in QUOTED:
            maker = Maker(exchange)
            taken = exchange in DALIAN
            self.assertEqual("15 E" not in told(maker.quote(**one_sided)), taken, exchange)
            maker = Maker(exchange)
            taken = exchange in (*DALIAN, "CFFEX")
            self.assertEqual("15 E" not in told(maker.quote(**unequal)), taken, exchange)
            self.told(maker, maker.quote(**nothing), "15 E", "nothing")
            self.told(maker, maker.quote(BidVolume=-1), "15 E", "below 0")

    def test_hedge_flags(self) -> None:
        for exchange in QUOTED:
            maker = Maker(exchange)
            hedging = maker.quote(AskHedgeFlag="3", BidHedgeFlag="3")
            wanted = "66 E" if exchange == "CZCE" else Sequences.ENTERED[exchange]
            self.told(maker, hedging, wanted)
            wanted = "66 E" if exchange == "CZCE" else "3047 E"
            self.told(maker, maker.quote(AskHedgeFlag="2"), wanted, "arbitrage")

    @holds("REQQUOTEINSERT-2")
    def test_futures(self) -> None:
        futures = {"SHFE": "cu2703", "INE": "sc2703", "CFFEX": "IF2703"}
        for exchange, name in futures.items():
            maker = Maker(exchange, name)
            self.told(maker, maker.quote(), "85 E")
        for exchange, name in {"DCE": "m2707", "CZCE": "SR709", "GFEX": "si2706"}.items():
            maker = Maker(exchange, name)
            low = maker.bench.market(name).day.lower / 10_000
            high = maker.bench.market(name).day.upper / 10_000
            events = maker.quote(BidPrice=low, AskPrice=high)
            self.told(maker, events, Sequences.ENTERED[exchange])

    @holds("ERRORS-3")
    def test_replacing_by_number_on_cffex(self) -> None:
        maker = Maker("CFFEX")
        number = pushes(maker.quote(), "OnRtnQuote")[-1]["QuoteSysID"]
        self.told(maker, maker.quote(ReplaceSysID="99"), "4050 E")
        events = maker.quote(ReplaceSysID=number.strip())
        self.told(maker, events, "sa ba qa q5 b5 s5 q3 b3 s3")

    def test_of_an_order(self) -> None:
        for code, changes in (
            (16, {"InstrumentID": "m9999-C-1"}),
            (16, {"ExchangeID": "SHFE"}),
            (148, {"ExchangeID": "XXX"}),
            (12, {"BrokerID": "1"}),
            (13, {"InvestorID": "1002"}),
            (15, {"AskPrice": float("nan")}),
            (15, {"BidOffsetFlag": ""}),
            (15, {"TimeCondition": "5"}),
            (30, {"AskOffsetFlag": "1"}),
            (31, {"BidVolume": 90, "BidPrice": 90.0, "AskVolume": 90}),
        ):
            maker = Maker("DCE", balance=10_000.0)
            self.told(maker, maker.quote(**changes), f"{code} E", changes)
            self.assertEqual(maker.rows(), [])

    def test_exchange_may_be_left_out_and_user_id_too(self) -> None:
        maker = Maker("DCE")
        self.told(maker, maker.quote(ExchangeID=""), Sequences.ENTERED["DCE"])
        self.told(maker, maker.quote(UserID="", AskVolume=-1), "15")

    def test_who_makes_no_markets(self) -> None:
        maker = Maker("DCE")
        terms = Opening("", "", None, 0, makes_markets=False)
        maker.bench.exchange.openings = {"1003": terms}
        session = maker.bench.login("1003")
        code = maker.bench.refused(session, "ReqQuoteInsert", InstrumentID=maker.name)
        self.assertEqual(code, 28)


class ForQuotes(Case):
    """Requests for quotes: who may ask when, and who is told."""

    def ask(self, maker: Maker, **changes: Any) -> list[Event]:
        values = {"UserID": "1001", "InstrumentID": maker.name}
        return maker.bench.ask(maker.session, "ReqForQuoteInsert", **{**values, **changes})

    @holds("BJHXJ-1", "BJHXJ-4", "BJHXJ-5", "REQQRYFORQUOTE-1")
    def test_told_to_those_who_have_subscribed(self) -> None:
        for exchange in QUOTED:
            maker = Maker(exchange)
            watcher = maker.bench.connect(trading=False)
            maker.bench.connect(trading=False)
            maker.bench.exchange.sessions[watcher].quotes.add(maker.name)
            (event,) = self.ask(maker)
            assert isinstance(event, Notice)
            self.assertEqual((event.session, event.callback), (watcher, "OnRtnForQuoteRsp"))
            self.assertEqual(event.values["InstrumentID"], maker.name)
            numbered = exchange in (*DALIAN, "CZCE")
            self.assertEqual(bool(event.values["ForQuoteSysID"]), numbered, exchange)
            (row,) = maker.rows("ReqQryForQuote")
            self.assertEqual((row["ForQuoteRef"], row["ForQuoteStatus"]), ("1", "b"))

    @holds("BJHXJ-2", "BJHXJ-3")
    def test_once_a_minute(self) -> None:
        for exchange in QUOTED:
            maker = Maker(exchange)
            self.assertEqual(told(self.ask(maker)), "")
            maker.bench.run(1)
            # CZCE's interval is kept by CTP, the others' by the exchange.
            again = "113" if exchange == "CZCE" else "E"
            self.assertEqual(told(self.ask(maker)), again, exchange)
            self.assertEqual(told(self.ask(maker, UserID="")), again.replace("E", ""), exchange)
            maker.bench.run(70)
            self.assertEqual(told(self.ask(maker)), "", exchange)

    @holds("BJHXJ-3")
    def test_not_where_the_spread_is_small(self) -> None:
        maker = Maker("DCE")
        maker.quote(AskPrice=maker.bid + maker.tick)
        self.assertEqual(told(self.ask(maker)), "114")
        maker.cancel()
        self.assertEqual(told(self.ask(maker)), "")

    def test_the_markets_own_maker_answers(self) -> None:
        for exchange in QUOTED:
            maker = Maker(exchange)
            before = self.spread(maker)
            self.ask(maker)
            maker.bench.run(1)
            self.assertEqual(self.spread(maker), before, exchange)
            maker.bench.run(2)
            self.assertEqual(self.spread(maker), 2, exchange)
            maker.bench.run(50)
            self.assertEqual(self.spread(maker), 2, exchange)
            maker.bench.run(20)
            self.assertEqual(self.spread(maker), before, exchange)

    @staticmethod
    def spread(maker: Maker) -> int:
        best = [maker.bench.best(maker.name, side) for side in "01"]
        return round((best[1] - best[0]) / maker.tick)

    def test_looked_at_or_not_the_answer_is_the_same(self) -> None:
        def after(looks: int) -> object:
            maker = Maker("DCE")
            self.ask(maker)
            for _ in range(looks):
                maker.bench.run(40 / looks)
                maker.bench.market(maker.name)
            market = maker.bench.market(maker.name)
            return market.best("0"), market.best("1")

        self.assertEqual(after(1), after(80))

    @holds("REQFORQUOTEINSERT-1")
    def test_refusals(self) -> None:
        maker = Maker("DCE")
        for code, changes in (
            ("83", {"InstrumentID": "m2705"}),
            ("16", {"InstrumentID": "m9999-C-1"}),
            ("16", {"ExchangeID": "SHFE"}),
            ("148", {"ExchangeID": "XXX"}),
            ("13", {"InvestorID": "1002"}),
            ("15", {"ForQuoteRef": "x"}),
            ("", {"ForQuoteRef": "5"}),
        ):
            self.assertEqual(told(self.ask(maker, **changes)), code, changes)
        maker.bench.run(timedelta(minutes=2).total_seconds())
        self.assertEqual(told(self.ask(maker, ForQuoteRef="5")), "22")

    def test_refused_by_a_closed_exchange(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        maker = Maker("DCE")
        maker.bench = Bench(SimOptions(seed=SEED), hours, datetime(2026, 11, 24, 15, 10))
        maker.session = maker.bench.login()
        self.assertEqual(told(self.ask(maker)), "E")
        (row,) = maker.rows("ReqQryForQuote")
        self.assertEqual(row["ForQuoteStatus"], "c")
