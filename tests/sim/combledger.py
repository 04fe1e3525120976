"""Combined positions for the independent ledger: plain arithmetic from pushes and reference data.

It shares no code with the simulator. Rules: CTP's pages QTYWGZ/DCEZB (sides, what closing breaks
first) and 6.5.1 (margins of options), the exchanges' for the rest (docs/simulation.md).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = Mapping[str, Any]
Key = tuple[str, str, str]
"""InstrumentID, side held ('0' long, '1' short), hedge flag."""

_ZHENGZHOU = re.compile(r"([A-Z]{2}\d{3})([CP])\d+")
"""An option of CZCE: its future, call or put."""
# What is broken first stands last.
_ORDER = ("LOCK", "OPL", "SP", "SPD", "SPC", "IPS", "BLS", "BES", "CAS", "STD", "STG", "BFO", "PRT")
_SIDES = {"0": ("0", "1"), "1": ("1", "0")}
_LEGS = 2
_FLAGS = {"1": ("1", "1"), "3": ("3", "3"), "6": ("1", "3"), "7": ("3", "1")}


@dataclass
class Group:
    """What was combined at once."""

    name: str
    direction: str
    flag: str
    volume: Decimal
    opening: Decimal = Decimal(0)
    """Lots that its order may still open."""

    @property
    def kind(self) -> str:
        """The kind of combination; a lock of futures is spelled as a spread."""
        first, second = self.legs
        code = self.name.partition(" ")[0]
        return "LOCK" if first == second and code == "SP" else code

    @property
    def legs(self) -> tuple[str, str]:
        """The instruments of its legs."""
        first, _, second = self.name.partition(" ")[2].partition("&")
        return first, second

    @property
    def keys(self) -> tuple[Key, Key]:
        """The positions that it is made of."""
        names, flags = self.legs, _FLAGS[self.flag]
        sides = self._sides()
        return (names[0], sides[0], flags[0]), (names[1], sides[1], flags[1])

    def _sides(self) -> tuple[str, str]:
        if self.kind in ("STD", "STG"):
            return "1", "1"
        if self.kind == "PRT":
            # A call sold is covered by the future bought, a put by the future sold.
            option = self.legs[0] if "-" in self.legs[0] or len(self.legs[0]) > 6 else self.legs[1]
            future = "1" if "P" in option[4:] else "0"
            return ("1", future) if option == self.legs[0] else (future, "1")
        if self.kind == "BFO":
            return "0", "0" if "-P-" in self.legs[0] else "1"
        return _SIDES[self.direction]


class Combinations:
    """The combined positions of an account.

    :param held: the lots of a position.
    :param cost: the margin a lot of a position, and the premium in it.
    :param share: the X of a combination.
    """

    def __init__(
        self,
        held: Callable[[Key], Decimal],
        cost: Callable[[Key], tuple[Decimal, Decimal]],
        share: Callable[[str], Decimal],
        size: Callable[[str], tuple[Decimal, Decimal]],
    ) -> None:
        self._held = held
        self._cost = cost
        self._share = share
        self._size = size
        self.groups: list[Group] = []
        self._orders: dict[int, Group] = {}
        self._mixed: set[Key] = set()

    def action(self, row: Row) -> None:
        """Enter what OnRtnCombAction tells."""
        if row["ActionStatus"] != "b":
            return
        group = Group(
            row["InstrumentID"], row["Direction"], row["HedgeFlag"], Decimal(row["Volume"])
        )
        if row["CombDirection"] == "0":
            self.groups.append(group)
            return
        left = group.volume
        for known in self.groups:
            if (known.name, known.direction, known.flag) == (
                group.name,
                group.direction,
                group.flag,
            ):
                taken = min(left, known.volume)
                known.volume -= taken
                left -= taken
        assert not left, row
        self._clear()

    def ordered(self, number: int, order: Row) -> None:
        """Note an order in a combination: what it opens is one combination, as old as the order."""
        group = self._orders.get(number)
        if group is None:
            flag = str(order["CombHedgeFlag"])[0]
            group = Group(order["InstrumentID"], order["Direction"], flag, Decimal(0))
            self._orders[number] = group
            # A straddle that is bought stays two options.
            if order["CombOffsetFlag"][0] == "0" and (
                group.kind not in ("STD", "STG") or group.direction == "1"
            ):
                self.groups.append(group)
        alive = order["CombOffsetFlag"][0] == "0" and order["OrderStatus"] in "13a"
        group.opening = Decimal(order["VolumeTotal"]) if alive else Decimal(0)

    def opened(self, number: int, volume: Decimal) -> None:
        """Combine what an order has opened on both sides."""
        group = self._orders[number]
        if any(group is one for one in self.groups):
            group.volume += volume
            # An order of the account's own, resting on the other side, may have closed a leg.
            for key in group.keys:
                self.closed(key)

    def closing(self, order: Row, volume: Decimal) -> None:
        """Make single what an order in a combination closes of it, before its trades."""
        own = order["InstrumentID"], "10"[int(order["Direction"])], str(order["CombHedgeFlag"])[0]
        for group in self.groups:
            if (group.name, group.direction, group.flag) == own:
                taken = min(volume, group.volume)
                group.volume -= taken
                volume -= taken
        self._clear()

    def forget_orders(self) -> None:
        """Begin a day, on which no order of the one before is left."""
        for group in self._orders.values():
            group.opening = Decimal(0)
        self._orders.clear()
        self._clear()

    def spared(self) -> Decimal:
        """Return what orders in combinations set aside less than orders in their legs."""
        total = Decimal(0)
        for group in self._orders.values():
            if group.opening and any(group is one for one in self.groups):
                costs = [self._cost(key) for key in group.keys]
                apart = sum(cost for cost, _ in costs)
                total += group.opening * (apart - self._together(group, costs))
        return total

    def cover(self, keys: Iterable[Key]) -> None:
        """Make covered options of what is single on CZCE, as it does at settlement.

        CTP's page ONRSPQRYINVESTORPOSITION: a call sold with the future bought, a put sold with
        the future sold.
        """
        for key in list(keys):
            found = _ZHENGZHOU.fullmatch(key[0])
            if found is None or key[1] != "1":
                continue
            future = found[1], "0" if found[2] == "C" else "1", key[2]
            single = min(self._held(one) - self.combined(one) for one in (key, future))
            if single > 0:
                self.groups.append(Group(f"PRT {found[1]}&{key[0]}", "1", key[2], single))

    def mixed(self, key: Key) -> bool:
        """Return whether lots of a position have ever been combined.

        From then on what is left of a lot depends on the order (QTYWGZ/DCEZB 5): Volume by single
        lots first, TimeFirstVolume first in, first out. That holds on after a split.
        """
        self._mixed.update(leg for group in self.groups if group.volume for leg in group.keys)
        return key in self._mixed

    def combined(self, key: Key) -> Decimal:
        """Return the lots of a position that are combined."""
        return sum((g.volume for g in self.groups for leg in g.keys if leg == key), Decimal(0))

    def closed(self, key: Key) -> None:
        """Break up what a closing trade of a position has left too much of."""
        newest = self.groups[::-1]
        newest.sort(key=lambda group: -_ORDER.index(group.kind))
        for group in newest:
            over = self.combined(key) - self._held(key)
            if over > 0 and key in group.keys:
                group.volume -= min(over, group.volume)
        self._clear()

    def saved(self) -> Decimal:
        """Return what the combined positions cost less than their legs apart."""
        total = Decimal(0)
        for group in self.groups:
            costs = [self._cost(key) for key in group.keys]
            total += group.volume * (sum(cost for cost, _ in costs) - self._together(group, costs))
        return total

    def _together(self, group: Group, costs: list[tuple[Decimal, Decimal]]) -> Decimal:
        each, premiums = [cost for cost, _ in costs], [premium for _, premium in costs]
        options = [self._size(name)[1] != 0 for name in group.legs]
        sold = sum(
            (
                cost
                for cost, key, option in zip(each, group.keys, options, strict=True)
                if option and key[1] == "1"
            ),
            Decimal(0),
        )
        future = sum((c for c, option in zip(each, options, strict=True) if not option), Decimal(0))
        match group.kind:
            case "STD" | "STG":
                return each[0] + premiums[1] if each[0] >= each[1] else each[1] + premiums[0]
            case "PRT":
                return future + sum(premiums)
            case "OPL" | "BLS" | "CAS":
                return self._part(sold, group.name)
            case "BFO":
                return self._part(future, group.name)
            case "BES":
                (size, one), (_, other) = (self._size(name) for name in group.legs)
                return min(sold, abs(one - other) * size)
            case _:
                return max(each)

    def _part(self, whole: Decimal, name: str) -> Decimal:
        return (whole * self._share(name)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _clear(self) -> None:
        self._mixed.update(leg for group in self.groups for leg in group.keys)
        self.groups = [group for group in self.groups if group.volume or group.opening]


class Spreads:
    """The day's orders in combinations: what they have traded, leg by leg."""

    def __init__(self, combinations: Combinations) -> None:
        self._combinations = combinations
        self._by_sys_id: dict[tuple[str, str], int] = {}
        self._done: dict[int, Decimal] = {}
        self._opening: dict[int, dict[tuple[str, str], Decimal]] = {}

    def order(self, row: Row) -> None:
        """Note an order in a combination as RtnOrder tells it, before the trades that it tells."""
        number, traded = row["BrokerOrderSeq"], Decimal(row["VolumeTraded"])
        if row["OrderSysID"].strip():
            self._by_sys_id[row["ExchangeID"], row["OrderSysID"]] = number
        self._combinations.ordered(number, row)
        if row["CombOffsetFlag"][0] == "0":
            self._opening.setdefault(number, {})
        elif traded > self._done.get(number, 0):
            self._combinations.closing(row, traded - self._done.get(number, Decimal(0)))
        self._done[number] = traded

    def trade(self, row: Row) -> None:
        """Note a trade, which may be one of a leg: what both legs have opened is combined."""
        number = self._by_sys_id.get((row["ExchangeID"], row["OrderSysID"]))
        if number is None or number not in self._opening:
            return
        legs = self._opening[number]
        before = min(legs.values()) if len(legs) == _LEGS else Decimal(0)
        leg = row["InstrumentID"], row["Direction"]
        legs[leg] = legs.get(leg, Decimal(0)) + row["Volume"]
        after = min(legs.values()) if len(legs) == _LEGS else Decimal(0)
        if after > before:
            self._combinations.opened(number, after - before)

    def forget(self) -> None:
        """Begin a day."""
        self._by_sys_id.clear()
        self._done.clear()
        self._opening.clear()
        self._combinations.forget_orders()
