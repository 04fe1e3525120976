"""The native trading API of one account: its topics, its addresses, its flow directory."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from webctp.ctp import addresses
from webctp.ctp.bridge import Bridge, CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.upstream.account import AccountKey
from webctp.upstream.session.api import NativeApi
from webctp.upstream.trading.context import TradingContext

RESTART: Final = 0
"""``THOST_TERT_RESTART``: both flows from the trading day's first message, at each login.

CTP's document recommends it. With RESUME the private flow may never arrive when CTP has begun its
flow anew, because the flow files count on from before; and what comes of the day would depend on
who used the files last. Repetitions are recognised (:mod:`webctp.upstream.orders.replay`).
"""


def trading_api(
    context: TradingContext,
    account: AccountKey,
    deliver: Callable[[Iterable[CallbackEvent]], object],
) -> NativeApi:
    """Make an account's API, not yet opened.

    :param deliver: takes the API's callbacks, a batch in each of the reactor's turns.
    """
    settings, front = context.settings, context.front
    return NativeApi(
        apis=context.apis,
        create=front.create_trader,
        prepare=partial(_prepare, context, account),
        catalogue=front.binding.trading,
        bridge=Bridge(context.reactor, deliver),
        flow_base=settings.con_file_path,
        flow_identity=("td", *settings.td_front_address, *account),
        production_mode=settings.production_mode,
    )


def _prepare(context: TradingContext, account: AccountKey, api: Any) -> None:
    """Subscribe an API's topics and register its addresses, before ``Init``; in any thread."""
    api.SubscribePrivateTopic(RESTART)
    api.SubscribePublicTopic(RESTART)
    addresses.register(
        api,
        codec_for(context.front.binding.trading.module),
        context.settings.td_front_address,
        broker_id=account.broker_id,
        user_id=account.user_id,
    )
