"""The settlement of options: self-closes, exercises, assignments, and what they leave.

Rules as the exchanges publish them, and page QTYWGZ/QHQQDHQ-ZDCGZ 2.2 of CTP's document:
an option in the money on its last day, by the future's settlement price, is exercised unless its
holder has given it up; any other lapses. Exercise and assignment open the future at the strike
price; CFFEX pays the difference in cash instead.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webctp.sim.accounts import combined
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.positions import BY_EXERCISE, Lot, Position
from webctp.sim.broker.exercise import ABANDON, AUTO_CLOSE, BY_NAME, release, takes_back, terms_of
from webctp.sim.broker.instructions import (
    DONE,
    EXERCISE,
    NO_POSITION,
    SELF_CLOSE,
    Instruction,
    Register,
)
from webctp.sim.broker.selfclose import FUTURES, OPTIONS
from webctp.sim.draws import draw, key
from webctp.sim.events import AccountKey
from webctp.sim.market.book import BUY, SELL, opposite
from webctp.sim.market.markets import Markets
from webctp.sim.model.contracts import Contract

Accounts = Mapping[AccountKey, Account]
Exercised = dict[AccountKey, list["Exercise"]]

_DONE: Final = "执行成功"
_NOTHING: Final = "没有持仓"


@dataclass(frozen=True, slots=True)
class Exercise:
    """What the exercise of a position came to; amounts in units.

    ``direction`` is the side of the option held: a buyer exercises, a seller is assigned.
    ``cash`` is what is paid in place of a future (CFFEX), below zero for a seller.
    """

    contract: Contract
    direction: str
    hedge: str
    volume: int
    cash: int
    fee: int


def exercise(
    markets: Markets,
    accounts: Accounts,
    register: Register,
    seed: int,
    take_number: Callable[[], int],
    now: datetime,
) -> Exercised:
    """Carry out a day's self-closes and exercises, before its positions are settled.

    :param seed: what decides who is assigned.
    :param take_number: gives the number of a TradeID: lots that arise are named by one.
    :returns: the exercises of each account, for its statement.
    """
    return _Settlement(markets, accounts, register, seed, take_number, now).run()


class _Settlement:
    def __init__(
        self,
        markets: Markets,
        accounts: Accounts,
        register: Register,
        seed: int,
        take_number: Callable[[], int],
        now: datetime,
    ) -> None:
        self._markets = markets
        self._accounts = accounts
        self._register = register
        self._seed = seed
        self._take_number = take_number
        self._now = now
        self._day = markets.day.date.toordinal()
        self._done: Exercised = defaultdict(list)
        # Lots that users exercise, by option; on the last day the background's are added.
        self._exercised: Counter[str] = Counter()

    def run(self) -> Exercised:
        asked = [one for one in self._register.of(EXERCISE) if one.waits]
        closes = [one for one in self._register.of(SELF_CLOSE) if one.waits]
        netted = Counter[int]()
        for one in closes:
            if one.text("OptSelfCloseFlag") == OPTIONS:
                netted[one.number] = self._net_options(one)
        for one in asked:
            self._carry_out(one)
        self._exercise_the_rest(asked)
        self._assign()
        for one in asked:
            if one.text("CloseFlag") == AUTO_CLOSE and one.text("ActionType") != ABANDON:
                self._net_futures(one, BUY, one.volume)
        for one in closes:
            if one.text("OptSelfCloseFlag") == FUTURES:
                most = self._assigned(one)
                volume = most if one.contract.exchange in BY_NAME else min(most, one.volume)
                netted[one.number] = self._net_futures(one, SELL, volume)
        for one in asked:
            self._tell(one, DONE)
        for one in closes:
            self._tell(one, DONE if netted[one.number] else NO_POSITION)
        return dict(self._done)

    def _tell(self, one: Instruction, result: str) -> None:
        one.end(result, _DONE if result == DONE else _NOTHING, self._now)
        self._register.push(one)

    # Exercise

    def _carry_out(self, one: Instruction) -> None:
        """Exercise what a user has asked for; an abandonment only frees its lots later."""
        if takes_back(one.values) or one.text("ActionType") == ABANDON:
            return
        today = one.locked.today if one.locked is not None and one.contract.by_date else None
        release(one)
        position = one.account.positions[one.contract.instrument, BUY, one.text("HedgeFlag")]
        self._exercised[one.contract.instrument] += one.volume
        self._exercise(one.account, position, one.volume, today)

    def _exercise_the_rest(self, asked: Sequence[Instruction]) -> None:
        """Exercise what is in the money on its last day and has not been given up."""
        kept = {(one.key, one.contract.instrument) for one in asked if takes_back(one.values)}
        for name, account in self._accounts.items():
            for position in list(account.positions.values()):
                contract = position.contract
                if position.direction != BUY or not self._in_the_money(contract):
                    continue
                if (name, contract.instrument) in kept:
                    continue
                left = position.volume() - position.abandon_today - position.abandon_older
                if left:
                    self._exercise(account, position, left, None)
        for one in asked:
            release(one)

    def _in_the_money(self, contract: Contract) -> bool:
        """Return whether an option ends today and is worth more than nothing.

        An index option must be worth more than its exercise costs (CFFEX; second-hand).
        """
        if contract.option is None or contract.expiry > self._day:
            return False
        least = contract.option.fee if contract.option.on_index else 0
        return self._worth(contract) > least

    def _worth(self, contract: Contract) -> int:
        """Return what exercise of a lot gives at the future's settlement price, in units."""
        option = terms_of(contract)
        price = self._markets.settlement_price(self._markets.must(option.underlying))
        beyond = price - option.strike
        return max(0, beyond if option.call else -beyond) * contract.multiplier

    def _exercise(
        self, account: Account, position: Position, volume: int, today: bool | None
    ) -> None:
        """Turn lots of an option, bought or sold, into the future or into cash."""
        contract = position.contract
        option = terms_of(contract)
        combined.release(account.combined, position, volume)
        position.drop(volume, today)
        cash = 0
        if option.on_index:
            cash = position.sign * self._worth(contract) * volume
        else:
            # Buyers of calls and sellers of puts get the long side.
            side = BUY if option.call == (position.direction == BUY) else SELL
            self._open(account, contract, side, position.hedge, volume)
        fee = option.fee * volume
        key = account.broker, account.investor
        self._done[key].append(
            Exercise(contract, position.direction, position.hedge, volume, cash, fee)
        )

    def _open(
        self, account: Account, contract: Contract, side: str, hedge: str, volume: int
    ) -> None:
        """Open the future at the strike price."""
        option = terms_of(contract)
        future = self._markets.must(option.underlying)
        position = account.positions.get((future.instrument, side, hedge))
        if position is None:
            margin = self._markets.margin(future, side)
            pre_settlement = self._markets.pre_settlement(future)
            position = Position(future, side, hedge, margin, pre_settlement)
            account.positions[position.key] = position
        position.lots.append(
            Lot(
                f"{self._take_number():>12}",
                self._markets.day.name,
                option.strike,
                volume,
                today=True,
                kind=BY_EXERCISE,
            )
        )

    # Assignment

    def _assign(self) -> None:
        """Assign every seller of what all holders exercise, else as many as users have exercised.

        Users are drawn before the sellers of the background, lot by lot, from the seed.
        """
        sold: dict[str, list[tuple[Account, Position]]] = defaultdict(list)
        for account in self._accounts.values():
            for position in account.positions.values():
                if position.contract.option is not None and position.direction == SELL:
                    sold[position.contract.instrument].append((account, position))
        for name, sellers in sold.items():
            if self._in_the_money(sellers[0][1].contract):
                shares = [position.volume() for _, position in sellers]
            else:
                shares = self._drawn(name, [position.volume() for _, position in sellers])
            for (account, position), volume in zip(sellers, shares, strict=True):
                if volume:
                    self._exercise(account, position, volume, None)

    def _drawn(self, name: str, held: Sequence[int]) -> list[int]:
        """Return how many lots of each seller are assigned: every lot is as likely as another."""
        of_key = key(self._seed, "assignment", self._markets.day.name, name)
        owners = [place for place, volume in enumerate(held) for _ in range(volume)]
        order = sorted(range(len(owners)), key=lambda lot: draw(of_key, lot))
        drawn = Counter(owners[lot] for lot in order[: self._exercised[name]])
        return [drawn[place] for place in range(len(held))]

    def _assigned(self, one: Instruction) -> int:
        """Return the lots of an account's option that have been assigned."""
        return sum(
            done.volume
            for done in self._done.get(one.key, ())
            if done.contract is one.contract
            and done.direction == SELL
            and done.hedge == one.text("HedgeFlag")
        )

    # Netting

    def _net_options(self, one: Instruction) -> int:
        """Net long and short lots of an option within a trading code; return how many."""
        netted = 0
        for hedge in self._hedges(one):
            name = one.contract.instrument
            long = one.account.positions.get((name, BUY, hedge))
            short = one.account.positions.get((name, SELL, hedge))
            if long is None or short is None:
                continue
            volume = min(long.volume() - long.locked, short.volume())
            if one.contract.exchange not in BY_NAME:
                volume = min(volume, one.volume)
            for position in (long, short):
                combined.release(one.account.combined, position, volume)
                self._drop_free(position, volume)
            netted += volume
        return netted

    @staticmethod
    def _drop_free(position: Position, volume: int) -> None:
        """Take out lots that no exercise has locked, older ones first."""
        locked = position.strike_older + position.abandon_older
        older = position.volume(today=False)
        if position.contract.by_date:
            older = min(volume, older - locked)
            position.drop(older, today=False)
            position.drop(volume - older, today=True)
        else:
            position.drop(volume)

    @staticmethod
    def _hedges(one: Instruction) -> Iterator[str]:
        """Yield the trading codes of a self-close: DCE's means them all (the page, 3.2)."""
        if one.contract.exchange in BY_NAME:
            yield from "13"
        else:
            yield one.text("HedgeFlag")

    def _net_futures(self, one: Instruction, held: str, most: int) -> int:
        """Net futures that an exercise has opened with opposite ones; return how many lots.

        :param held: the side of the option.
        """
        option = terms_of(one.contract)
        side = BUY if option.call == (held == BUY) else SELL
        hedge = one.text("HedgeFlag")
        positions = one.account.positions
        opened = positions.get((option.underlying, side, hedge))
        against = positions.get((option.underlying, opposite(side), hedge))
        if opened is None or against is None:
            return 0
        arisen = sum(lot.volume for lot in opened.lots if lot.today and lot.kind == BY_EXERCISE)
        volume = min(most, arisen, against.volume())
        price = self._markets.settlement_price(opened.contract)
        for position, kind in ((opened, BY_EXERCISE), (against, None)):
            today = True if kind else None
            combined.release(one.account.combined, position, volume)
            for lot in position.drop(volume, today, kind):
                gained = position.sign * (price - position.base(lot))
                one.account.close_profit += gained * lot.volume * opened.contract.multiplier
        return volume
