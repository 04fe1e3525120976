"""Orders with ``"Offset": "auto"``: what they are split into, and the parts on their way.

The split is decided by the account's portfolio, written to the journal, answered, and only then
carried out: each part is an order of its own with a ClientOrderID of its own. The same
ClientOrderID again is answered by the same split, also after a restart; of its parts none is sent
twice. Nothing waits for a portfolio: an order is decided at once, or refused. All methods run in
the reactor's thread.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.messages import own, own_offset
from webctp.gateway.portfolio.subscriber import Subscriber
from webctp.language.text import english, reason_of
from webctp.secret import holds_token
from webctp.upstream.journal.plans import OFFSET, TAKEN
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.offset.plan import OffsetPlan
from webctp.upstream.offset.split import MOST_PARTS, OPEN, Holding, Part, split
from webctp.upstream.orders.client_order import (
    ClientOrder,
    ClientOrderState,
    JournalBroken,
    Key,
    digest_of,
)
from webctp.upstream.orders.order import Order, OrderOwner
from webctp.upstream.portfolio.facts import Key as PositionKey
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading.session import TradingSession

_log = Logger()

INSERT: Final = "ReqOrderInsert"
MOST_ID: Final = 62
"""Characters of a ClientOrderID that is split: two more name a part."""
_HEDGES: Final = frozenset("123")
"""Speculation, arbitrage, hedge: flags whose lots a portfolio keeps apart."""
_WHOLE: Final = frozenset("23")
"""VolumeCondition: the least lots, or all of them, at once."""
_AT_ONCE: Final = "1"
"""ContingentCondition: an order that waits for nothing."""
_UNDER_WAY: Final = frozenset(
    {
        ClientOrderState.RECORDING,
        ClientOrderState.RECORDED,
        ClientOrderState.SENT,
        ClientOrderState.UNKNOWN,
    }
)
"""States of an order that CTP has not told of: no portfolio shows what it would close."""
_MOST_UNDER_WAY: Final = 1_000
"""Parts that may be under way in a session."""


class Portfolio(Protocol):
    """What is needed of a session's portfolio: :class:`SessionPortfolio`."""

    def holding(self, order: Order) -> tuple[PositionKey, Holding]:
        """Return which position an order would close, and what can be closed of it."""


class AutoOffsets:
    """Split and carry out the orders of one session whose offset is to be chosen.

    :param journal: where splits are kept; None without one.
    :param patience: gives ``OrderPatience``: an order that waited longer for the disk is not sent.
    """

    def __init__(
        self,
        clock: IReactorTime,
        journal: TradingJournal | None,
        session: Callable[[], TradingSession],
        portfolio: Portfolio,
        patience: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._session = session
        self._portfolio = portfolio
        self._patience = patience
        self._deciding: set[str] = set()
        """ClientOrderIDs of which the disk has not said yet what they stand for."""
        self._closing: dict[str, tuple[PositionKey, Part]] = {}
        """Closing parts that were under way when last looked at, by their ClientOrderIDs."""

    def enter(self, client: Subscriber, order: Order) -> None:
        """Split an order and send the parts, or say what became of it before.

        :raises webctp.ctp.refusal.Refusal: where it is none to be split, or cannot be sent now.
        """
        _check(order)
        session = self._usable(order)
        journal = self._journal
        if journal is None:
            detail = english("ClientOrderID needs a journal; configure Journal")
            raise Refusal(errors.BAD_REQUEST, detail)
        name = order.client_order_id
        if name in self._deciding:
            detail = english("ClientOrderID {name!a} is being decided; wait", name=name)
            raise Refusal(errors.CONFLICT, detail)
        # The body as the client wrote it, for each part gets references of its own.
        digest = digest_of(INSERT, {**order.body, "Offset": "auto"})
        self._deciding.add(name)
        until = self._clock.seconds() + self._patience()
        found = journal.file.find_plan(session.account, OFFSET, name)
        found.addCallback(partial(self._found, order, client, digest, until))
        found.addErrback(partial(self._failed, order, client))
        found.addBoth(lambda _: self._deciding.discard(name))

    def _usable(self, order: Order) -> TradingSession:
        """Return the session, if orders can be sent now."""
        session = self._session()
        refusal = order.owner.may_order() or session.refusal_of(order.method)
        if refusal is not None:
            raise refusal
        return session

    def _found(
        self, order: Order, client: Subscriber, digest: str, until: float, had: bytes | None
    ) -> Any:
        """Take what the disk says: a repetition goes on with its split, another is decided now."""
        session = self._usable(order)
        if had is not None:
            self._repeat(order, client, digest, OffsetPlan.of(had))
            return None
        key, holding = self._portfolio.holding(order)
        parts = split(int(order.body["VolumeTotalOriginal"]), self._less_closing(key, holding))
        _check_whole(order, parts)
        plan = OffsetPlan(
            client_order_id=order.client_order_id,
            digest=digest,
            trading_day=session.trading_day,
            parts=parts,
        )
        for number, part in enumerate(parts, 1):
            refusal = next(iter(session.preview(_part(order, plan, number, part))), None)
            if refusal is not None:
                raise _of_part(plan, number, refusal)
        for number, part in enumerate(parts, 1):
            if part.offset != OPEN:
                self._closing[plan.id_of(number)] = key, part
        journal = self._journal
        if journal is None:
            raise RuntimeError("a split without a journal")
        claimed = journal.file.claim_plan(plan.row(session.account))

        def on_disk(before: bytes | None) -> None:
            if before == TAKEN:
                raise _other_request(plan.client_order_id)
            if before is not None:  # another session of the account was faster
                self._repeat(order, client, digest, OffsetPlan.of(before))
            elif self._clock.seconds() > until:
                detail = english(
                    "it is not sent: the journal's disk did not answer within OrderPatience "
                    "({seconds:g} s)",
                    seconds=self._patience(),
                )
                raise Refusal(errors.NOT_READY, detail)
            else:
                self._usable(order)
                self._carry_out(order, client, plan, is_repeated=False)

        def given_up(failure: Failure) -> Failure:
            for number in range(1, len(parts) + 1):
                self._closing.pop(plan.id_of(number), None)
            return failure

        return claimed.addCallback(on_disk).addErrback(given_up)

    def _repeat(self, order: Order, client: Subscriber, digest: str, plan: OffsetPlan) -> None:
        """Answer by the split that the ClientOrderID stands for, and send what is not sent yet."""
        if plan.digest != digest:
            raise _other_request(plan.client_order_id)
        day = self._session().trading_day
        if plan.trading_day != day:
            raise Refusal(
                errors.CONFLICT,
                english(
                    "ClientOrderID {name!a} is of trading day {day}; nothing more of it is sent: "
                    "take another ID",
                    name=plan.client_order_id,
                    day=plan.trading_day,
                ),
            )
        self._carry_out(order, client, plan, is_repeated=True)

    def _carry_out(
        self, order: Order, client: Subscriber, plan: OffsetPlan, *, is_repeated: bool
    ) -> None:
        """Tell the parts, then enter them; behind one that is refused at once none is."""
        told = own_offset.answer(order.request_id, plan, is_repeated=is_repeated)
        client.say(own.encode(told))
        entry = self._session().entry
        for number, part in enumerate(plan.parts, 1):
            try:
                entry.enter(_part(order, plan, number, part))
            except Refusal as refusal:
                problem = _of_part(plan, number, refusal)
                client.refuse(INSERT, problem.code, problem.detail, order.request_id)
                for behind in range(number + 1, len(plan.parts) + 1):
                    detail = english(
                        "{part}: not sent, for {refused} was refused",
                        part=plan.id_of(behind),
                        refused=plan.id_of(number),
                    )
                    client.refuse(INSERT, errors.CONFLICT, detail, order.request_id)
                return

    def _less_closing(self, key: PositionKey, holding: Holding) -> Holding:
        """Return what is left to close beside parts that CTP has not told of."""
        journal, account = self._journal, self._session().account
        if journal is None:
            return holding
        state_of = journal.client_orders.state_of
        self._closing = {
            name: kept
            for name, kept in self._closing.items()
            if name.rpartition(".")[0] in self._deciding
            or state_of(Key(*account, name)) in _UNDER_WAY
        }
        if len(self._closing) > _MOST_UNDER_WAY:
            detail = Limited.of(
                english(
                    "{count} closing orders are under way, of which CTP has not told; wait",
                    count=len(self._closing),
                ),
                limit=_MOST_UNDER_WAY,
            )
            raise Refusal(errors.TOO_MANY, detail)
        today, older, frozen = holding.today, holding.older, holding.frozen
        for position, part in self._closing.values():
            if position != key:
                continue
            frozen += part.volume
            newest = part.volume if part.offset == "3" else max(part.volume - older, 0)
            today -= newest
            older -= part.volume - newest
        return holding._replace(today=max(today, 0), older=max(older, 0), frozen=frozen)

    def _failed(self, order: Order, client: Subscriber, failure: Failure) -> None:
        """Answer an order of which nothing was sent."""
        if isinstance(failure.value, Refusal):
            refusal = failure.value
        elif failure.check(JournalBroken) is not None:
            detail = english(
                "it is not sent: the journal cannot be kept: {reason}",
                reason=reason_of(failure.value),
            )
            refusal = Refusal(errors.NOT_READY, detail)
        else:
            account = self._session().account
            _log.failure("an order with Offset auto has failed", failure, account=account)
            detail = english("internal error; see the log. Not sent")
            refusal = Refusal(errors.BAD_REQUEST, detail)
        client.refuse(INSERT, refusal.code, refusal.detail, order.request_id)


class _PartOwner:
    """Who entered a part: the client, which is told which part a refusal is about."""

    def __init__(self, client: OrderOwner, plan: OffsetPlan, number: int) -> None:
        self._client = client
        self._plan = plan
        self._number = number

    def may_order(self) -> Refusal | None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        return self._client.may_order()

    def order_answered(self, order: Order, reply: Reply) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        self._client.order_answered(order, reply)

    def order_refused(self, order: Order, refusal: Refusal) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        self._client.order_refused(order, _of_part(self._plan, self._number, refusal))

    def order_known(self, order: Order, client_order: ClientOrder) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        self._client.order_known(order, client_order)


def _part(order: Order, plan: OffsetPlan, number: int, part: Part) -> Order:
    """Return one of the orders that an order was split into."""
    fields = {"CombOffsetFlag": part.offset, "VolumeTotalOriginal": part.volume}
    return msgspec.structs.replace(
        order,
        body={**order.body, **fields},
        client_order_id=plan.id_of(number),
        owner=_PartOwner(order.owner, plan, number),
    )


def _other_request(name: str) -> Refusal:
    detail = english("ClientOrderID {name!a} stands for another request", name=name)
    return Refusal(errors.CONFLICT, detail)


def _of_part(plan: OffsetPlan, number: int, refusal: Refusal) -> Refusal:
    part = plan.id_of(number)
    return Refusal(refusal.code, english("{part}: {detail}", part=part, detail=refusal.detail))


def _check(order: Order) -> None:
    """Refuse what is no order whose offset can be chosen, naming the field and the remedy."""
    body = order.body
    if not order.client_order_id:
        detail = english("Offset auto needs a ClientOrderID: the parts are named after it")
    elif len(order.client_order_id) > MOST_ID:
        detail = english(
            "ClientOrderID of an order with Offset auto has at most {most} characters, for the "
            "parts' are longer by two",
            most=MOST_ID,
        )
    elif holds_token(order.client_order_id):
        detail = english("ClientOrderID holds a token, and is written to disk; take another ID")
    elif given := [name for name in ("CombOffsetFlag", "OrderRef") if body.get(name) is not None]:
        detail = english("{field} is chosen by Offset auto; leave it out", field=given[0])
    elif str(body.get("CombHedgeFlag") or "") not in _HEDGES:
        detail = english(
            "CombHedgeFlag must be one of {flags} with Offset auto",
            flags=", ".join(sorted(_HEDGES)),
        )
    elif str(body.get("Direction") or "") not in ("0", "1"):
        detail = english("Direction must be 0 (buy) or 1 (sell)")
    elif "&" in str(body.get("InstrumentID") or ""):
        detail = english("Offset auto knows no combinations; send an order for each leg")
    elif body.get("ContingentCondition") not in (None, _AT_ONCE):
        detail = english(
            "ContingentCondition must be 1 with Offset auto: what is held when a condition is met "
            "cannot be known"
        )
    elif int(body.get("VolumeTotalOriginal") or 0) <= 0:
        detail = english("VolumeTotalOriginal must be above 0")
    else:
        return
    raise Refusal(errors.BAD_REQUEST, detail)


def _check_whole(order: Order, parts: tuple[Part, ...]) -> None:
    """Refuse to split what is to trade whole, or in a least number of lots."""
    if len(parts) > MOST_PARTS:
        raise RuntimeError(f"an order was split into {len(parts)}")
    if len(parts) > 1 and order.body.get("VolumeCondition") in _WHOLE:
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "VolumeCondition {condition} cannot be split, and this order would be {count} "
                "orders ({offsets}); send them one by one",
                condition=order.body["VolumeCondition"],
                count=len(parts),
                offsets=", ".join(f"{one.offset}: {one.volume}" for one in parts),
            ),
        )
