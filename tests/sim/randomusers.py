"""Users who do at random whatever CTP lets them do, and what each of them is told.

Orders of every kind, quotes, exercises, self-closes, combinations, parked orders, batch actions,
transfers, forced closings and money entered by hand, on days of the calendar and on days without
end: what is told goes into a ledger of each user's own (`ledger`).
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from tests.sim.accounts.test_banks import NOTICES, TO_BANK, TO_FUTURES, asked
from tests.sim.combledger import Row
from tests.sim.helpers import Bench, pushes
from tests.sim.holdings import exact
from tests.sim.ledger import Ledger
from tests.sim.ledgeroptions import underlying
from tests.sim.orderkinds import COMBINATIONS, KINDS, MADE, NAMES, SPREADS, STARTS
from tests.sim.tickledger import TickLedger
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Event, Push, Reply
from webctp.sim.host.deskcontrol import COMMANDS
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

BALANCE: Final = 5_000_000.0
UNSET: Final = 10**300
"""What no price is above: DBL_MAX stands for none."""
ACCOUNTS: Final = ("1001", "1002", "1003")
BY_DATE: Final = ("SHFE", "INE")
"""Exchanges on which today's lots and older ones are closed apart."""
_ENDING: Final = 2
"""Days within which an option ends that is traded beside the others."""
_FUTURES: Final = 3
"""Of how many futures."""
_NEAR: Final = 3
"""How many calls and puts about the money of each product that ends."""

PARKED: Final = {"Order": "ParkedOrderID", "OrderAction": "ParkedOrderActionID"}
"""What may be parked, and the field of its number."""
TOLD: Final = {
    "OnRtnOrder": ("ReqQryOrder", ("BrokerOrderSeq",)),
    "OnRtnTrade": ("ReqQryTrade", ("TradeID", "Direction", "OrderSysID")),
    "OnRtnQuote": ("ReqQryQuote", ("BrokerQuoteSeq",)),
    "OnRtnExecOrder": ("ReqQryExecOrder", ("BrokerExecOrderSeq",)),
    "OnRtnOptionSelfClose": ("ReqQryOptionSelfClose", ("BrokerOptionSelfCloseSeq",)),
    "OnRtnCombAction": ("ReqQryCombAction", ("ActionLocalID",)),
}
"""What is pushed, the query that says it again, and by what fields the last push is known."""


class RandomUsers:
    """Three users who act at random; what each is told goes into a ledger of its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        by_hours, start = STARTS[seed % len(STARTS)]
        self.by_hours = by_hours
        hours = None
        if by_hours:
            hours = ExchangeHours(calendar.default(), productfile.default().values())
        self.bench = Bench(SimOptions(seed=seed, balance=BALANCE), hours, start)
        self._sessions = {name: self.bench.login(name) for name in ACCOUNTS}
        self.ledgers = {name: Ledger(BALANCE, self._asking(name)) for name in ACCOUNTS}
        self.returned: dict[str, dict[Any, Row]] = {callback: {} for callback in TOLD}
        """The day's last push of each thing."""
        self.kept: dict[tuple[str, str], dict[str, str]] = {}
        """Status by number of what each account has parked: orders, and actions."""
        self.done: dict[str, int] = {}
        """How often each kind of thing has come about."""
        self.ending: list[str] = []
        self.names = self._choose()
        self.ticks = {name: TickLedger(self.terms(name)) for name in self.names}

    # What is there

    def _choose(self) -> list[str]:
        """Return the instruments to be traded: those of old, and options about to end."""
        listed = {row["InstrumentID"]: row for row in self.rows(ACCOUNTS[0], "ReqQryInstrument")}
        names = [name for name in NAMES if name in listed]
        soon = f"{self.bench.exchange.markets.day.date + timedelta(days=_ENDING):%Y%m%d}"
        ending: dict[tuple[str, str], list[tuple[float, str]]] = {}
        for name, one in listed.items():
            if one.get("OptionsType") and self.by_hours and one["ExpireDate"] <= soon:
                future = underlying(one)
                apart = abs(self.tick(future)["LastPrice"] - one["StrikePrice"])
                ending.setdefault((future, one["OptionsType"]), []).append((apart, name))
        futures = sorted({future for future, _ in ending})
        futures = self.random.sample(futures, min(_FUTURES, len(futures)))
        for (future, _), chain in ending.items():
            if future in futures:
                self.ending += [name for _, name in sorted(chain)[:_NEAR]]
        return list(dict.fromkeys(names + self.ending + futures))

    def session(self, account: str) -> int:
        """Return a session of an account, a new one where the front has closed meanwhile."""
        if self._sessions[account] not in self.bench.exchange.sessions:
            self._sessions[account] = self.bench.login(account)
        return self._sessions[account]

    def rows(self, account: str, query: str, **values: Any) -> list[Any]:
        """Return the rows that answer an account's query."""
        return list(self.bench.rows(self.session(account), query, **values))

    def _asking(self, account: str) -> Callable[[str, str], Row]:
        def ask(query: str, instrument: str) -> Row:
            row: Row = self.rows(account, query, InstrumentID=instrument)[0]
            return row

        return ask

    def tick(self, name: str) -> Row:
        """Return an instrument's present tick."""
        return self._asking(ACCOUNTS[0])("ReqQryDepthMarketData", name)

    def terms(self, name: str) -> Row:
        """Return what is known of an instrument."""
        return self._asking(ACCOUNTS[0])("ReqQryInstrument", name)

    def count(self, what: str, times: int = 1) -> None:
        """Note how often something has come about."""
        self.done[what] = self.done.get(what, 0) + times

    # What is told

    def take(self, events: Iterable[Event], limit: Decimal | None = None) -> None:
        """Let the ledgers know what the accounts are told.

        :param limit: the price that CTP makes of the order that they answer.
        """
        events = list(events)
        for row in pushes(events, "OnRtnOrder"):
            if (row["InvestorID"], row["BrokerOrderSeq"]) not in self.returned["OnRtnOrder"]:
                self._count_order(row)
                self.returned["OnRtnOrder"][row["InvestorID"], row["BrokerOrderSeq"]] = row
        for callback, (_, fields) in TOLD.items():
            for row in pushes(events, callback):
                number = row["InvestorID"], *(row[name] for name in fields)
                self.returned[callback][number] = row
        for event in events:
            if not isinstance(event, Push):
                continue
            row = event.values
            if event.callback == "OnRtnOrder":
                made = limit if row["OrderPriceType"] in MADE else None
                self.ledgers[str(row["InvestorID"])].order(row, made)
            elif event.callback == "OnRtnTrade":
                self._traded(row)
        for callback in ("OnRtnExecOrder", "OnRtnOptionSelfClose"):
            for row in pushes(events, callback):
                self.count(callback)
                self.ledgers[row["InvestorID"]].options.instructed(callback, row)
        for row in pushes(events, "OnRtnQuote"):
            self.count("quotes", row["QuoteStatus"] == "3")

    def _traded(self, row: Row) -> None:
        self.count("trades")
        self.count("forced", row["OffsetFlag"] == "2")
        self.count("trades of spreads", row["TradeType"] == "4")
        self.ledgers[row["InvestorID"]].trade(row)
        self.ticks[str(row["InstrumentID"])].trade(row)

    def _count_order(self, row: Row) -> None:
        """Count an order's kinds when it is told first."""
        self.count("orders")
        self.count("at the market", row["OrderPriceType"] in "13G")
        self.count("at prices made by CTP", row["OrderPriceType"] in MADE)
        self.count("on a condition", row["ContingentCondition"] != "1")
        self.count("at once", row["TimeCondition"] == "1")

    # What users do

    def act(self) -> None:
        """Do something of any kind, and let some time go by."""
        account = self.random.choice(ACCOUNTS)
        deeds: tuple[tuple[Callable[[str], None], int], ...] = (
            (self._order, 50),
            (self._cancel, 10),
            (self._cancel_all, 3),
            (self._quote, 10),
            (self._cancel_quote, 3),
            (self._park, 5),
            (self._exercise, 12),
            (self._withdraw, 2),
            (self._self_close, 6),
            (self._transfer, 5),
            (self._by_hand, 2),
            (self._force, 2),
        )
        [deed] = self.random.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])
        deed(account)
        for _ in range(12):
            self.combine()
        self._trade_spread()
        steps = (0.5, 3, 60, 400) if self.by_hours else (0.5, 3, 120)
        self.take(self.bench.run(self.random.choice(steps)))

    def _input(self, name: str, account: str) -> dict[str, object]:
        """Return an order of any kind in an instrument."""
        choose = self.random.choice
        direction = choose("01")
        tick, terms = self.tick(name), self.terms(name)
        far = tick["UpperLimitPrice" if direction == "0" else "LowerLimitPrice"]
        near = tick["BidPrice1" if direction == "0" else "AskPrice1"]
        away = choose((0, 0, 1, 8)) * terms["PriceTick"]
        near = near - away if direction == "0" else near + away
        kind = choose(KINDS)
        rests = kind.get("TimeCondition") == "3" and exact(near) < UNSET
        if "StopPrice" in kind:
            kind = {**kind, "StopPrice": tick["LastPrice"]}
        return self.bench.input(
            name,
            UserID=account,
            Direction=direction,
            CombOffsetFlag=choose("00134" if terms["ExchangeID"] in BY_DATE else "0011"),
            CombHedgeFlag=choose("13"),
            VolumeTotalOriginal=self.random.randint(1, 4),
            **{"LimitPrice": near if rests else far, **kind},
        )

    def _order(self, account: str) -> None:
        # Options about to end are traded as often as all others.
        names = self.ending if self.ending and self.random.random() < 0.5 else self.names
        name = self.random.choice(names)
        values, limit = self._input(name, account), None
        if made := MADE.get(str(values["OrderPriceType"])):
            source, ticks = made
            limit = exact(self.tick(name)[source]) + ticks * exact(self.terms(name)["PriceTick"])
        self.take(self.bench.ask(self.session(account), "ReqOrderInsert", **values), limit)

    def _cancel(self, account: str) -> None:
        alive = [r for r in self.rows(account, "ReqQryOrder") if str(r["OrderStatus"]) in "13ab"]
        if alive:
            self.take(self.bench.action(self.session(account), **_named(self.random.choice(alive))))

    def _cancel_all(self, account: str) -> None:
        exchange = self.random.choice(("DCE", "GFEX", ""))
        asked_for = {"InvestorID": account, "UserID": account, "ExchangeID": exchange}
        events = self.bench.ask(self.session(account), "ReqBatchOrderAction", **asked_for)
        self.count("batches", bool(pushes(events, "OnRtnOrder")))
        self.take(events)

    def _park(self, account: str) -> None:
        """Park an order or a cancellation, or remove one."""
        choose, session = self.random.choice, self.session(account)
        kind = choose(("Order", "Order", "OrderAction"))
        parked = self.kept.setdefault((account, kind), {})
        if parked and self.random.random() < 0.3:
            number = choose(list(parked))
            query = f"ReqRemoveParked{kind}"
            (reply,) = self.bench.ask(session, query, **{f"Parked{kind}ID": number})
            assert isinstance(reply, Reply)
            if not reply.error:
                parked[number] = "3"
            return
        if kind == "Order":
            values = self._input(choose(self.names), account)
            if values["OrderPriceType"] in MADE:
                return  # Of which price it is made shows when it is sent only.
        else:
            known = self.rows(account, "ReqQryOrder")
            if not known:
                return
            values = {**_named(choose(known)), "ActionFlag": "0", "UserID": account}
        query = "ReqParkedOrderInsert" if kind == "Order" else "ReqParkedOrderAction"
        for event in self.bench.ask(session, query, **values):
            if isinstance(event, Reply) and not event.error and event.values is not None:
                self.count("parked")
                parked[str(event.values[f"Parked{kind}ID"])] = "1"

    def _option(self, account: str, *, held: str = "") -> Row | None:
        """Return an option's terms: one that the account holds on a side, or any."""
        terms = [self.terms(name) for name in self.names]
        names = {row["InstrumentID"] for row in terms if row["OptionsType"]}
        if held:
            rows = self.rows(account, "ReqQryInvestorPosition")
            names &= {r["InstrumentID"] for r in rows if r["PosiDirection"] == held}
        found = [row for row in terms if row["InstrumentID"] in names]
        return self.random.choice(found) if found else None

    def _quote(self, account: str) -> None:
        choose = self.random.choice
        terms = self._option(account)
        if terms is None:
            return
        tick = self.tick(terms["InstrumentID"])
        if exact(tick["BidPrice1"]) > UNSET or exact(tick["AskPrice1"]) > UNSET:
            return
        lots, inside = self.random.randint(1, 3), choose((0, 0, 1)) * terms["PriceTick"]
        values: dict[str, object] = {
            **_of(account, terms),
            "BidPrice": tick["BidPrice1"] + inside,
            "AskPrice": max(tick["AskPrice1"] - inside, tick["BidPrice1"] + inside),
        }
        for side in ("Ask", "Bid"):
            values |= {
                f"{side}Volume": lots,
                f"{side}OffsetFlag": choose("00013"),
                f"{side}HedgeFlag": "1",
            }
        self.take(self.bench.ask(self.session(account), "ReqQuoteInsert", **values))
        wanted = {"InstrumentID": terms["InstrumentID"], "ExchangeID": terms["ExchangeID"]}
        self.take(self.bench.ask(self.session(account), "ReqForQuoteInsert", **wanted))

    def _cancel_quote(self, account: str) -> None:
        known = self.rows(account, "ReqQryQuote")
        if known:
            row = self.random.choice(known)
            named = {name: row[name] for name in ("FrontID", "SessionID", "QuoteRef")}
            values = {**_of(account, row), **named, "ActionFlag": "0"}
            self.take(self.bench.ask(self.session(account), "ReqQuoteAction", **values))

    def _exercise(self, account: str) -> None:
        """Exercise an option that is held, give it up, or take the automatic exercise back."""
        terms = self._option(account, held="2")
        if terms is None:
            return
        choose = self.random.choice
        self.take(
            self.bench.ask(
                self.session(account),
                "ReqExecOrderInsert",
                **_of(account, terms),
                OffsetFlag=choose("13"),
                HedgeFlag=choose("1113"),
                ActionType=choose("112"),
                ReservePositionFlag="0",
                CloseFlag=choose("01"),
                Volume=choose((0, 1, 1, 2)),
            )
        )

    def _withdraw(self, account: str) -> None:
        name = self.random.choice(("ExecOrder", "OptionSelfClose"))
        known = self.rows(account, f"ReqQry{name}")
        if known:
            row = self.random.choice(known)
            named = {field: row[field] for field in ("FrontID", "SessionID", f"{name}Ref")}
            values = {**_of(account, row), **named, "ActionFlag": "0"}
            self.take(self.bench.ask(self.session(account), f"Req{name}Action", **values))

    def _self_close(self, account: str) -> None:
        terms = self._option(account, held=self.random.choice("23"))
        if terms is None:
            return
        choose = self.random.choice
        asked_for = {
            **_of(account, terms),
            "HedgeFlag": choose("1113"),
            "OptSelfCloseFlag": choose("113"),
            "Volume": choose((1, 2, 5)),
        }
        self.take(self.bench.ask(self.session(account), "ReqOptionSelfCloseInsert", **asked_for))

    def _transfer(self, account: str) -> None:
        name = self.random.choice((TO_FUTURES, TO_BANK))
        values = asked(name, AccountID=account, BankAccount=f"621700000000{account}")
        values["TradeAmount"] = self.random.randint(1, 300_000_000) / 100
        events = self.bench.ask(self.session(account), name, **values)
        for row in pushes(events, NOTICES[name]):
            self.count("transfers")
            self.ledgers[account].transfer(row)

    def _by_hand(self, account: str) -> None:
        """Let the broker's staff enter money: nobody is told, the account and statement say it."""
        command = self.random.choice(("deposit", "withdraw"))
        amount = Decimal(self.random.randint(1, 100_000_000)) / 100
        self._control(command, investor=account, amount=str(amount))
        self.count("by hand")
        self.ledgers[account].entered(amount if command == "deposit" else -amount)

    def _force(self, account: str) -> None:
        held = [row for row in self.rows(account, "ReqQryInvestorPosition") if row["Position"]]
        names = [row["InstrumentID"] for row in held if "&" not in row["InstrumentID"]]
        if names:
            name, lots = self.random.choice(names), self.random.choice("012")
            self.take(self._control("forceclose", investor=account, instrument=name, volume=lots))

    def _control(self, command: str, **arguments: str) -> list[Event]:
        exchange = self.bench.exchange
        COMMANDS[command](arguments, list(exchange.accounts))(exchange)
        return exchange.drain()

    def _trade_spread(self) -> None:
        """Order a combination, at once or in time."""
        choose, account = self.random.choice, self.random.choice(ACCOUNTS)
        name, direction, offset = choose(SPREADS), choose("01"), choose("001")
        market = self.bench.market(name)
        day, exchange = market.day, market.contract.exchange
        near, kind = market.best(direction), choose("113")
        far = day.upper if direction == "0" else day.lower
        events = self.bench.ask(
            self.session(account),
            "ReqOrderInsert",
            **{
                **self.bench.input("m2705"),
                "UserID": account,
                "InstrumentID": name,
                "ExchangeID": exchange,
                "Direction": direction,
                "CombOffsetFlag": offset * choose((1, 2)),
                "CombHedgeFlag": choose("13") if exchange != "CZCE" else "1",
                "LimitPrice": (far if near is None or kind == "1" else near) / 10_000,
                "VolumeTotalOriginal": self.random.randint(1, 3),
                "TimeCondition": kind,
            },
        )
        self.take(events)

    def combine(self) -> None:
        """Ask for a combination, or for its split, whether the positions are there or not."""
        choose = self.random.choice
        name, directions = choose(COMBINATIONS)
        contract = self.bench.exchange.markets.must(name.split("&")[1])
        events = self.bench.ask(
            self.session(choose(ACCOUNTS)),
            "ReqCombActionInsert",
            InstrumentID=name,
            ExchangeID=contract.exchange,
            Direction=choose(directions),
            CombDirection=choose("001"),
            HedgeFlag=choose("1367" if contract.exchange == "DCE" else "1"),
            Volume=self.random.randint(1, 3),
        )
        self.take(events)
        for row in pushes(events, "OnRtnCombAction"):
            self.count("actions", row["ActionStatus"] == "b")
            self.ledgers[row["InvestorID"]].combinations.action(row)


def _named(row: Row) -> dict[str, object]:
    """Return the fields by which an action names an order."""
    fields = ("ExchangeID", "InstrumentID", "FrontID", "SessionID", "OrderRef")
    return {name: row[name] for name in fields}


def _of(account: str, row: Row) -> dict[str, object]:
    """Return the fields that every instruction needs."""
    named = {name: row[name] for name in ("InstrumentID", "ExchangeID")}
    return {**named, "InvestorID": account, "UserID": account}
