"""The account as pushes tell it, against what is the case."""

from dataclasses import dataclass
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from webctp_client.made import own, structs
from webctp_client.protocol.messages import Message
from webctp_client.protocol.mirror import Mirror, order_key, trade_key


def order(ref: int, traded: int = 0, status: str = "3") -> structs.Order:
    """Return an order as CTP tells it."""
    return structs.Order(
        FrontID=1, SessionID=2, OrderRef=str(ref), VolumeTraded=traded, OrderStatus=status
    )


def trade(number: int, direction: str = "0") -> structs.Trade:
    """Return a trade."""
    return structs.Trade(ExchangeID="SHFE", TradeID=f"{number:>12}", Direction=direction)


def pushed(body: structs.Order | structs.Trade, *, replay: bool = False) -> Message:
    """Return the push of an order or trade."""
    kind = "RtnOrder" if isinstance(body, structs.Order) else "RtnTrade"
    return Message(kind, body=body, Replay=replay)


@dataclass
class Market:
    """What is the case: orders by reference, trades in order; each change is a push."""

    orders: dict[int, structs.Order]
    trades: list[structs.Trade]
    pushes: list[structs.Order | structs.Trade]

    def change(self, ref: int) -> None:
        """Let an order trade a lot."""
        known = self.orders.get(ref)
        now = order(ref) if known is None else order(ref, known.VolumeTraded + 1)
        self.orders[ref] = now
        self.pushes.append(now)
        if known is not None:
            made = trade(len(self.trades))
            self.trades.append(made)
            self.pushes.append(made)


class Pushes(TestCase):
    """Orders and trades."""

    def test_a_portfolio_that_was_missed_says_nothing(self) -> None:
        mirror = Mirror()
        mirror.apply(own.RtnPortfolio(Seq=1, Portfolio=None))
        self.assertEqual((mirror.positions, mirror.account), ({}, None))

    def test_a_trade_with_oneself_is_two(self) -> None:
        mirror = Mirror()
        for direction in "01":
            mirror.apply(pushed(trade(1, direction)))
        self.assertEqual(len(mirror.trades), 2)

    def test_answers_of_queries_are_no_pushes(self) -> None:
        mirror = Mirror()
        mirror.apply(Message("RspQryOrder", body=order(1)))
        self.assertEqual(mirror.orders, {})

    def test_the_day_that_a_login_tells_takes_the_place_of_what_was(self) -> None:
        mirror = Mirror()
        mirror.apply(pushed(order(1)))
        mirror.apply(pushed(order(2), replay=True))
        mirror.apply(pushed(trade(1), replay=True))
        self.assertEqual(list(mirror.orders.values()), [order(1)])
        self.assertEqual(mirror.logged_in(is_resumed=False), [order(2), trade(1)])
        self.assertEqual(list(mirror.orders.values()), [order(2)])

    def test_a_login_that_never_ended_tells_nothing(self) -> None:
        mirror = Mirror()
        mirror.apply(pushed(order(2), replay=True))
        mirror.lost()
        self.assertEqual(mirror.logged_in(is_resumed=False), [])
        self.assertEqual(mirror.orders, {})

    def test_queries_heal_and_do_not_undo(self) -> None:
        mirror = Mirror()
        mirror.is_whole = False
        mirror.apply(pushed(order(1, 2, "0")))
        news = mirror.healed([order(1, 1), order(2)], [trade(1)])
        self.assertEqual(news, [order(2), trade(1)])
        self.assertEqual(mirror.orders[order_key(order(1))].VolumeTraded, 2)
        self.assertTrue(mirror.is_whole)

    @given(st.lists(st.one_of(st.integers(0, 4), st.sampled_from(("resume", "anew")))))
    @settings(max_examples=200, deadline=None)
    def test_it_is_what_is_the_case_and_each_trade_is_told_once(
        self, steps: "list[int | str]"
    ) -> None:
        market = Market({}, [], [])
        mirror = Mirror()
        seen = 0
        told: list[structs.Trade] = []

        def hear() -> None:
            nonlocal seen
            for one in market.pushes[seen:]:
                mirror.apply(pushed(one))
                if isinstance(one, structs.Trade):
                    told.append(one)
            seen = len(market.pushes)

        for step in steps:
            if isinstance(step, int):
                market.change(step)
                if step % 2:
                    hear()
            elif step == "resume":
                mirror.logged_in(is_resumed=True)
                hear()
            else:
                for one in market.pushes:
                    mirror.apply(pushed(one, replay=True))
                seen = len(market.pushes)
                news = mirror.logged_in(is_resumed=False)
                told += [one for one in news if isinstance(one, structs.Trade)]
        hear()
        self.assertEqual(mirror.orders, {order_key(one): one for one in market.orders.values()})
        self.assertEqual(mirror.trades, {trade_key(one): one for one in market.trades})
        self.assertEqual(
            sorted(one.TradeID for one in told), [one.TradeID for one in market.trades]
        )
