"""Random days of the simulated exchange, with a portfolio of each account beside it.

The portfolios are told what a session is told, with faults: pushes come twice, outages are followed
by the whole day's flow again, portfolios are begun anew in the middle of a day by queries between
which trades happen. What they say is held against the exchange's own answers, to the unit. Every
third run has orders in combinations and combined positions, another third exercises: there what
they set aside is the last query's, and the rest is held. Money that the broker's staff enters is
told to nobody: a reconciliation must find that, and nothing else.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.sim.accounts.test_banks import NOTICES, TO_BANK, TO_FUTURES, asked
from tests.sim.helpers import pushes
from tests.sim.holdings import exact
from tests.sim.orderkinds import COMBINATIONS, MADE
from tests.sim.randomusers import ACCOUNTS, RandomUsers
from webctp.sim.events import Event, Push
from webctp.upstream.portfolio.drift import reconcile
from webctp.upstream.portfolio.facts import DEPTH, INSTRUMENT, Facts, Key, Need, Row
from webctp.upstream.portfolio.figures import PositionFigures
from webctp.upstream.portfolio.money import units
from webctp.upstream.portfolio.portfolio import COMBINATION, EXERCISE, Portfolio

Difference = tuple[str, Any, Any]
"""What, what is told by the exchange, what by the portfolio."""

_ACCOUNT = {
    "PreBalance": "pre_balance",
    "PreMargin": "pre_margin",
    "Deposit": "deposit",
    "Withdraw": "withdraw",
    "Commission": "commission",
    "CloseProfit": "close_profit",
    "PositionProfit": "position_profit",
    "CashIn": "cash_in",
    "CurrMargin": "margin",
    "FrozenMargin": "frozen_margin",
    "FrozenCommission": "frozen_commission",
    "FrozenCash": "frozen_cash",
    "Balance": "balance",
    "Available": "available",
    "OptionValue": "option_value",
}
_AMOUNTS = {
    "OpenAmount": "open_amount",
    "CloseAmount": "close_amount",
    "PositionCost": "cost",
    "OpenCost": "open_cost",
    "PositionProfit": "profit_by_date",
    "CloseProfitByDate": "closed_by_date",
    "CloseProfitByTrade": "closed_by_trade",
    "OptionValue": "option_value",
    "UseMargin": "margin",
    "Commission": "commission",
    "CashIn": "cash_in",
    "FrozenCommission": "frozen_commission",
    "FrozenCash": "frozen_cash",
}
_LOTS = {
    "Position": "volume",
    "TodayPosition": "today",
    "YdPosition": "start",
    "OpenVolume": "open_volume",
    "CloseVolume": "close_volume",
}


_MARGINS = frozenset({"CurrMargin", "FrozenMargin", "Available", "PreMargin", "UseMargin"})
_ASIDE = _MARGINS | {"FrozenCommission", "FrozenCash"}
"""What orders in combinations and exercises set aside beside."""
_CAVEATS = {
    "OnRtnExecOrder": EXERCISE,
    "OnRtnOptionSelfClose": EXERCISE,
    "OnRtnCombAction": COMBINATION,
}
_LEAST_BY_HAND = 1_000_000
"""Cents: more than what may be rounding."""


class Told:
    """A portfolio, and the flow of its day."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        self.is_deaf = False


class RandomPortfolios(RandomUsers):
    """Users who act at random; a portfolio of each is told what its sessions are told."""

    def __init__(self, seed: int) -> None:
        self.flow: dict[str, list[tuple[str, Row]]] = {name: [] for name in ACCOUNTS}
        """The orders and trades of each account's day, in order."""
        self.told: dict[str, Told] = {}
        self.combines, self.exercises = seed % 3 == 1, seed % 3 == 2
        self.reconciled: list[Difference] = []
        """What reconciliations have found: told, and kept."""
        super().__init__(seed)
        for name in ACCOUNTS:
            self.begin(name)

    # The portfolios.

    def begin(self, account: str) -> None:
        """Begin an account's portfolio anew, as a client does that subscribes now."""
        facts = Facts()
        portfolio = Portfolio(self.bench.exchange.markets.day.name, facts)
        self.told[account] = Told(portfolio)
        for name, row in self.flow[account]:
            self._tell_one(portfolio, name, row)
        details = self.rows(account, "ReqQryInvestorPositionDetail")
        self._between()
        positions = self.rows(account, "ReqQryInvestorPosition")
        for row in positions:
            name = row["InstrumentID"]
            if name not in facts.terms and "&" not in name:
                facts.take(Need(INSTRUMENT, name), self.terms(name))
        portfolio.seed(positions, details)
        self._between()
        [row] = self.rows(account, "ReqQryTradingAccount")
        portfolio.account.seed(row)
        self.count("portfolios begun")

    def _between(self) -> None:
        """Let others trade between two answers, now and then."""
        if self.told.keys() == set(ACCOUNTS) and self.random.random() < 0.5:
            self._order(self.random.choice(ACCOUNTS))
            self.take(self.bench.run(0.5))

    def take(self, events: Iterable[Event], limit: Decimal | None = None) -> None:
        """Tell the portfolios what the accounts are told; faults are the seed's."""
        for event in events:
            if not isinstance(event, Push):
                continue
            row: Row = dict(event.values)
            account = str(row.get("InvestorID", ""))
            if event.callback == "OnRtnOrder":
                self.count("orders", row["OrderStatus"] == "a")
            elif event.callback == "OnRtnTrade":
                self.count("trades")
                self.count("trades of combinations", row["TradeType"] == "4")
            elif event.callback in _CAVEATS:
                self.count(event.callback)
            else:
                continue
            self.flow[account].append((event.callback, row))
            told = self.told.get(account)
            if told is not None and not told.is_deaf:
                self._tell_one(told.portfolio, event.callback, row)
                if self.random.random() < 0.1:
                    self._tell_one(told.portfolio, event.callback, row)
                    self.count("told twice")

    def _tell_one(self, portfolio: Portfolio, callback: str, row: Row) -> None:
        if callback in _CAVEATS:
            portfolio.caveats.add(_CAVEATS[callback])
        elif callback == "OnRtnOrder":
            portfolio.take_order(row)
        else:
            portfolio.take_trade(row)

    # What users do.

    def _input(self, name: str, account: str) -> dict[str, object]:
        """Return an order whose price a client can know."""
        while True:
            values = super()._input(name, account)
            if values["OrderPriceType"] not in MADE:
                return values

    def act(self) -> None:
        """Do something, suffer a fault now and then, and let time go by."""
        account = self.random.choice(ACCOUNTS)
        deeds: tuple[tuple[Callable[[str], None], int], ...] = (
            (self._order, 60),
            (self._cancel, 10),
            (self._cancel_all, 3),
            (self._quote, 8),
            (self._cancel_quote, 3),
            (self._park, 4),
            (self._transfer, 4),
            (self._force, 2),
            (self._fault, 6),
            (self._by_hand, 3),
            (self._exercise, 12 * self.exercises),
            (self._withdraw, 3 * self.exercises),
            (self._self_close, 6 * self.exercises),
            (self._combine_or_trade, 20 * self.combines),
        )
        [deed] = self.random.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])
        deed(account)
        steps = (0.5, 3, 60, 400) if self.by_hours else (0.5, 3, 120)
        self.take(self.bench.run(self.random.choice(steps)))

    def _transfer(self, account: str) -> None:
        name = self.random.choice((TO_FUTURES, TO_BANK))
        values = asked(name, AccountID=account, BankAccount=f"621700000000{account}")
        values["TradeAmount"] = self.random.randint(1, 300_000_000) / 100
        events = self.bench.ask(self.session(account), name, **values)
        for row in pushes(events, NOTICES[name]):
            if row["ErrorID"] == 0 and row["TransferStatus"] == "0":
                self.count("transfers")
                amount = units(row["TradeAmount"])
                moved = amount if name == TO_FUTURES else -amount
                self.told[account].portfolio.take_transfer(moved)

    def _by_hand(self, account: str) -> None:
        """Let the broker's staff enter money, and a reconciliation find it."""
        self._hear_again(account)
        portfolio = self.told[account].portfolio
        # A reconciliation mends what it finds, and so must not find more: this has to hold before.
        self.reconciled += [one for one in self._held(account, portfolio) if one[1] != one[2]]
        command = self.random.choice(("deposit", "withdraw"))
        cents = self.random.randint(_LEAST_BY_HAND, 100 * _LEAST_BY_HAND)
        self._control(command, investor=account, amount=str(Decimal(cents) / 100))
        self.count("by hand")
        [row] = self.rows(account, "ReqQryTradingAccount")
        queries = "ReqQryInvestorPosition", "ReqQryInvestorPositionDetail"
        drifts = reconcile(portfolio, row, *(self.rows(account, query) for query in queries))
        field = "Deposit" if command == "deposit" else "Withdraw"
        changes = [(drift.field, drift.told - drift.kept) for drift in drifts]
        self.reconciled.append(
            (f"{account}: found by a reconciliation", [(field, cents * 100)], changes)
        )

    def _combine_or_trade(self, account: str) -> None:
        """Combine what is held, or split what is combined, and order a combination."""
        for _ in range(12):
            self.combine()
        self._trade_spread()

    def combine(self) -> None:
        """Ask for a combination, or for its split, whether the positions are there or not."""
        name, directions = self.random.choice(COMBINATIONS)
        exchange = self.bench.exchange.markets.must(name.split("&")[1]).exchange
        wanted: dict[str, object] = {
            **{"InstrumentID": name, "ExchangeID": exchange, "Volume": self.random.randint(1, 3)},
            "Direction": self.random.choice(directions),
            "CombDirection": self.random.choice("001"),
            "HedgeFlag": self.random.choice("1367" if exchange == "DCE" else "1"),
        }
        session = self.session(self.random.choice(ACCOUNTS))
        self.take(self.bench.ask(session, "ReqCombActionInsert", **wanted))

    def _fault(self, account: str) -> None:
        told = self.told[account]
        match self.random.choice("dort"):
            case "d" | "o" if not told.is_deaf:
                told.is_deaf = True
                self.count("outages")
            case "t":
                self.begin(account)
            case _:
                self._hear_again(account)

    def _hear_again(self, account: str) -> None:
        """End an outage: the whole day's flow is told again."""
        told = self.told[account]
        told.is_deaf = False
        for name, row in list(self.flow[account]):
            self._tell_one(told.portfolio, name, row)
        self.count("flows told again")

    def end(self) -> None:
        """Let the day end, and the next begin, with portfolios begun anew."""
        day = self.bench.exchange.markets.day.date
        end = datetime.combine(day, time(17, 0, 1))
        if not self.by_hours:
            end = self.bench.now.replace(hour=17, minute=0, second=1, microsecond=0)
            end += timedelta(days=end <= self.bench.now)
        events = self.bench.run((end - self.bench.now).total_seconds())
        listed = {row["InstrumentID"] for row in self.rows(ACCOUNTS[0], "ReqQryInstrument")}
        self.names = [name for name in self.names if name in listed]
        self.ending = [name for name in self.ending if name in listed]
        self.told.clear()
        for flow in self.flow.values():
            flow.clear()
        day_name = self.bench.exchange.markets.day.name
        self.take(
            event
            for event in events
            if isinstance(event, Push) and event.values.get("TradingDay") == day_name
        )
        for name in ACCOUNTS:
            self.begin(name)

    # What is held against what.

    def differences(self) -> Iterator[Difference]:
        """Hold each portfolio that hears against what the exchange answers."""
        yield from self.reconciled
        for account in ACCOUNTS:
            if self.told[account].is_deaf:
                self._hear_again(account)
            yield from self._held(account, self.told[account].portfolio)

    def _held(self, account: str, portfolio: Portfolio) -> Iterator[Difference]:
        self._learn(account, portfolio)
        uncertain = portfolio.uncertain()
        # Where CZCE has covered options at the settlement, margins are the queries' alone.
        unsure = uncertain & {COMBINATION, EXERCISE}
        skipped = (_ASIDE if self.combines or self.exercises else _MARGINS) if unsure else set()
        self.count("held", not unsure)
        for caveat in unsure:
            self.count(f"held but for what {caveat}s set aside")
        yield f"{account}: caveats", frozenset(), uncertain - {COMBINATION, EXERCISE}
        money, figures = portfolio.figures()
        [row] = self.rows(account, "ReqQryTradingAccount")
        for name, attribute in _ACCOUNT.items():
            if name not in skipped:
                yield f"{account}: {name}", units(row[name]), getattr(money, attribute)
        rows = self.rows(account, "ReqQryInvestorPosition")
        yield from _positions(account, rows, figures, skipped)
        yield from self._lots(account, portfolio)

    def _learn(self, account: str, portfolio: Portfolio) -> None:
        """Ask for what a portfolio lacks, and for the prices of what it holds."""
        for _ in range(1000):
            need = next(portfolio.needs(), None)
            if need is None:
                break
            asked = {"InstrumentID": need.instrument, "HedgeFlag": need.hedge}
            portfolio.take_fact(need, self.rows(account, need.query, **asked))
        for name in portfolio.instruments():
            [row] = self.rows(account, DEPTH, InstrumentID=name)
            portfolio.take_price(name, units(row["LastPrice"]))

    def _lots(self, account: str, portfolio: Portfolio) -> Iterator[Difference]:
        told = Counter[tuple[Key, str, str, int]]()
        for row in self.rows(account, "ReqQryInvestorPositionDetail"):
            key = Key(row["InstrumentID"], row["Direction"], row["HedgeFlag"])
            price = units(exact(row["OpenPrice"]))
            told[key, row["TradeID"], row["OpenDate"], price] += row["TimeFirstVolume"]
        held = Counter[tuple[Key, str, str, int]]()
        for key, position in portfolio.positions.items():
            for lot in (*position.older_lots.lots, *position.today_lots.lots):
                held[key, lot.trade_id, lot.open_day, lot.price] += lot.volume
        yield f"{account}: lots", +told, +held


def _positions(
    account: str, rows: Iterable[Row], figures: dict[Key, PositionFigures], skipped: Set[str]
) -> Iterator[Difference]:
    sums: dict[Key, Counter[str]] = {}
    for row in rows:
        if "&" in row["InstrumentID"]:
            continue
        side = {"2": "0", "3": "1"}[row["PosiDirection"]]
        key = Key(row["InstrumentID"], side, row["HedgeFlag"])
        found = sums.setdefault(key, Counter())
        for name in _LOTS:
            found[name] += row[name]
        for name in _AMOUNTS:
            found[name] += units(row[name])
        here, there = ("Long", "Short") if side == "0" else ("Short", "Long")
        found["opening"] += row[f"{here}Frozen"]
        found["closing"] += row[f"{there}Frozen"]
    for key, one in figures.items():
        found = sums.pop(key, Counter())
        for name, attribute in {**_LOTS, **_AMOUNTS}.items():
            if name not in skipped:
                yield f"{account}: {key} {name}", found[name], getattr(one, attribute)
        if skipped <= _MARGINS:
            yield f"{account}: {key} opening", found["opening"], one.opening
            yield f"{account}: {key} closing", found["closing"], one.today_frozen + one.older_frozen
    for key, found in sums.items():
        left = {name: value for name, value in found.items() if value and name not in skipped}
        if skipped > _MARGINS:  # rows of what an order in a combination would open
            left = {name: left[name] for name in left if name not in ("opening", "closing")}
        yield f"{account}: {key}: a row", {}, left


def unlike(held: Iterable[Difference]) -> list[str]:
    """Return a line for each figure that is not what the exchange says."""
    return [f"{what}: told {told}, kept {kept}" for what, told, kept in held if told != kept]


def trade(day: RandomPortfolios, turns: int = 80, days: int = 2) -> list[str]:
    """Let days go by; gives what differed when something first did."""
    for number in range(days):
        for turn in range(turns):
            day.act()
            if turn % 4 == 3 and (found := unlike(day.differences())):
                return [f"seed {day.seed}, day {number}, turn {turn}: {line}" for line in found]
        day.end()
        if found := unlike(day.differences()):
            return [f"seed {day.seed}, after day {number}: {line}" for line in found]
    return []


def main(days: int, seed: int) -> int:
    """Hold portfolios over ``days`` runs of two days: what came about, every difference."""
    done, differing = Counter[str](), list[str]()
    for number in range(seed, seed + days):
        day = RandomPortfolios(number)
        differing += trade(day)
        done.update(day.done)
    print("\n".join(differing))
    print(", ".join(f"{count} {what}" for what, count in sorted(done.items())))
    print(f"{days} runs of two days from seed {seed}: {len(differing)} differences")
    return 1 if differing or not done["trades"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
