"""Control requests to the broker and the exchanges: money, forced closings, notices, bulletins.

``deposit``, ``withdraw`` (``investor``, ``amount``), ``forceclose`` (``investor``, ``instrument``,
``volume``, ``reason``), ``tradingnotice`` (``investor``, ``text``), ``notice`` (``text``),
``bulletin`` (``exchange``, ``text``, ``abstract``); ``broker`` where two brokers have the investor.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from webctp.language.text import english
from webctp.sim.accounts import banks
from webctp.sim.accounts.notices import LONGEST
from webctp.sim.events import AccountKey, Broadcast, Changed
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.risk import LACK_OF_MONEY, REASONS
from webctp.sim.options import OptionError
from webctp.sim.refusals import Refused

Deed = Callable[[Exchange], None]
"""What is to be done to an exchange, on its own thread."""
Accounts = Iterable[AccountKey]

_ABSTRACT: Final = 80
_EXCHANGES: Final = ("SHFE", "INE", "DCE", "CZCE", "CFFEX", "GFEX")


def _deposit(arguments: Mapping[str, str], accounts: Accounts) -> Deed:
    return _money(arguments, accounts, 1)


def _withdraw(arguments: Mapping[str, str], accounts: Accounts) -> Deed:
    return _money(arguments, accounts, -1)


def _money(arguments: Mapping[str, str], accounts: Accounts, sign: int) -> Deed:
    _only(arguments, "investor", "broker", "amount")
    key, text = _investor(arguments, accounts), _needed(arguments, "amount")
    try:
        amount = banks.amount_of({"TradeAmount": float(text)})
    except (ValueError, Refused) as problem:
        raise OptionError(
            english("amount: {text!r} found, wanted yuan above 0, such as 100.5", text=text)
        ) from problem
    return lambda exchange: _enter(exchange, key, sign * amount)


def _enter(exchange: Exchange, key: AccountKey, amount: int) -> None:
    """Enter money by hand, without a message to the investor, as on CTP."""
    account = exchange.accounts[key]
    account.deposit += max(0, amount)
    account.withdraw += max(0, -amount)
    exchange.transfers.all.append(
        banks.Transfer(
            serial=exchange.transfers.next_serial(),
            account=key,
            code=banks.BY_HAND,
            amount=amount,
            bank="",
            bank_account="",
            session=0,
            moment=exchange.now,
            trading_day=exchange.markets.day.name,
        )
    )
    exchange.tell(Changed(key))


def _force_close(arguments: Mapping[str, str], accounts: Accounts) -> Deed:
    _only(arguments, "investor", "broker", "instrument", "volume", "reason")
    key, instrument = _investor(arguments, accounts), arguments.get("instrument", "")
    reason, text = arguments.get("reason", LACK_OF_MONEY), arguments.get("volume", "0")
    if len(reason) != 1 or reason not in REASONS:
        raise OptionError(
            english(
                "reason: {reason!r} found, wanted a ForceCloseReason of {reasons}",
                reason=reason,
                reasons=REASONS,
            )
        )
    if not (text.isascii() and text.isdigit()):
        raise OptionError(english("volume: {text!r} found, wanted lots, 0 for all", text=text))
    most = int(text)
    return lambda exchange: exchange.risk.close(exchange.accounts[key], instrument, most, reason)


def _trading_notice(arguments: Mapping[str, str], accounts: Accounts) -> Deed:
    _only(arguments, "investor", "broker", "text")
    key, text = _investor(arguments, accounts), _text(arguments, "text", LONGEST)

    def tell(exchange: Exchange) -> None:
        exchange.risk.tell(key, text)

    return tell


def _notice(arguments: Mapping[str, str], accounts: Accounts) -> Deed:
    _only(arguments, "text")
    text = _text(arguments, "text", LONGEST) if arguments.get("text") else ""

    def keep(exchange: Exchange) -> None:
        exchange.notices.to_all = text
        for key in exchange.accounts:
            exchange.tell(Changed(key))

    return keep


def _bulletin(arguments: Mapping[str, str], accounts: Accounts) -> Deed:
    _only(arguments, "exchange", "text", "abstract")
    name, text = _needed(arguments, "exchange"), _text(arguments, "text", LONGEST)
    abstract = _text(arguments, "abstract", _ABSTRACT) if "abstract" in arguments else ""
    if name not in _EXCHANGES:
        raise OptionError(
            english(
                "exchange: {name!r} found, wanted one of {listed}",
                name=name,
                listed=", ".join(_EXCHANGES),
            )
        )

    def tell(exchange: Exchange) -> None:
        exchange.notices.bulletins += 1
        number = exchange.notices.bulletins
        row = {
            "ExchangeID": name,
            "TradingDay": exchange.markets.day.name,
            "BulletinID": number,
            "SequenceNo": number,
            "NewsType": "00",
            "NewsUrgency": "0",
            "SendTime": f"{exchange.now:%H:%M:%S}",
            "Abstract": abstract,
            "ComeFrom": name,
            "Content": text,
        }
        exchange.tell(Broadcast("OnRtnBulletin", row))

    return tell


COMMANDS: Final[Mapping[str, Callable[[Mapping[str, str], Accounts], Deed]]] = {
    "deposit": _deposit,
    "withdraw": _withdraw,
    "forceclose": _force_close,
    "tradingnotice": _trading_notice,
    "notice": _notice,
    "bulletin": _bulletin,
}


def _only(arguments: Mapping[str, str], *names: str) -> None:
    strange = arguments.keys() - set(names)
    if strange:
        raise OptionError(
            english(
                "{argument!r} is no argument here; {listed} are",
                argument=min(strange),
                listed=", ".join(names),
            )
        )


def _needed(arguments: Mapping[str, str], name: str) -> str:
    found = arguments.get(name, "")
    if not found:
        raise OptionError(english("{name}: nothing found; write {name}=…", name=name))
    return found


def _investor(arguments: Mapping[str, str], accounts: Accounts) -> AccountKey:
    """Return the account of ``investor``, at ``broker`` where the request names one."""
    investor, broker = _needed(arguments, "investor"), arguments.get("broker", "")
    found = [key for key in accounts if key[1] == investor and broker in ("", key[0])]
    if not found:
        raise OptionError(
            english(
                "investor: {investor!r} found, wanted one that has logged in before",
                investor=investor,
            )
        )
    if len(found) > 1:
        brokers = ", ".join(sorted(key[0] for key in found))
        raise OptionError(
            english(
                "broker: nothing found; {investor} is at {brokers}: write broker=…",
                investor=investor,
                brokers=brokers,
            )
        )
    return found[0]


def _text(arguments: Mapping[str, str], name: str, most: int) -> str:
    """Return a text that fits its field in GBK."""
    text = _needed(arguments, name)
    try:
        length = len(text.encode("gbk"))
    except UnicodeEncodeError as problem:
        raise OptionError(
            english(
                "{name}: {text!r} has no GBK form; leave it out",
                name=name,
                text=text[problem.start],
            )
        ) from None
    if length > most:
        raise OptionError(
            english(
                "{name}: {length} bytes of GBK found, wanted {most} at most",
                name=name,
                length=length,
                most=most,
            )
        )
    return text
