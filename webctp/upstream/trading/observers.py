"""What a session learns from answers on their way to whoever asked.

Of three requests the answer concerns the session, too: the instruments that there are, the
investor's accounts, and whether the password is another now. An observer takes each reply right
before whoever asked. Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.codec import Codec
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.context import OnInstruments
from webctp.upstream.trading.credentials import SessionCredentials

PASSWORD_UPDATE: Final = "ReqUserPasswordUpdate"
_INSTRUMENTS: Final = "ReqQryInstrument"
_ACCOUNTS: Final = "ReqQryTradingAccount"
_INSTRUMENT: Final = "CThostFtdcInstrumentField"
_ACCOUNT: Final = "CThostFtdcTradingAccountField"

_AT_ONCE: Final = 256
"""Instruments handed on in one piece: 20,000 together would hold up everybody else."""

ErrorOf = Callable[[bytes | None], int]
"""Returns the ErrorID of a RspInfo; 0 where CTP gave none."""


class ReplyObservers:
    """Put a session's observers beside whoever takes an answer.

    :param defaults: where the account and the currency are noted, for requests without them.
    :param credentials: where a change of the password is noted.
    :param on_instruments: see :class:`~webctp.upstream.trading.context.TradingContext`.
    """

    def __init__(
        self,
        codec: Codec,
        error_of: ErrorOf,
        defaults: dict[str, str],
        credentials: SessionCredentials,
        on_instruments: OnInstruments | None,
    ) -> None:
        self._observers: dict[str, Callable[[Mapping[str, Any]], OnReply]] = {
            _ACCOUNTS: lambda body: _Accounts(codec, error_of, defaults).on_reply,
            PASSWORD_UPDATE: lambda body: _PasswordUpdate(error_of, credentials, body).on_reply,
        }
        if on_instruments is not None:
            self._observers[_INSTRUMENTS] = lambda body: (
                _Instruments(codec, error_of, on_instruments).on_reply
            )

    def beside(self, method: Method, body: Mapping[str, Any], on_reply: OnReply) -> OnReply:
        """Return what takes the replies to a request: ``on_reply``, after its observer if any."""
        make = self._observers.get(method.name)
        if make is None:
            return on_reply
        observe = make(body)

        def observed(reply: Reply) -> None:
            observe(reply)
            on_reply(reply)

        return observed


class _Instruments:
    """Collect the names in one answer to ``ReqQryInstrument``, and hand them on."""

    def __init__(self, codec: Codec, error_of: ErrorOf, on_instruments: OnInstruments) -> None:
        field = codec.layout(_INSTRUMENT).by_name["InstrumentID"]
        self._field = slice(field.offset, field.offset + field.size)
        self._error_of = error_of
        self._on_instruments = on_instruments
        self._names: list[bytes] = []

    def on_reply(self, reply: Reply) -> None:
        """Take one instrument, or the end of the answer."""
        callback, body, info, is_last = reply
        if body is not None and callback.struct == _INSTRUMENT and self._error_of(info) == 0:
            self._names.append(body[self._field].partition(b"\0")[0])
        if self._names and (is_last or len(self._names) >= _AT_ONCE):
            names, self._names = self._names, []
            self._on_instruments(names)


class _Accounts:
    """Note the account and the currency in one answer, where there is only one of each."""

    def __init__(self, codec: Codec, error_of: ErrorOf, defaults: dict[str, str]) -> None:
        self._layout = codec.layout(_ACCOUNT)
        self._error_of = error_of
        self._defaults = defaults
        self._found: dict[str, set[str]] = {"AccountID": set(), "CurrencyID": set()}

    def on_reply(self, reply: Reply) -> None:
        """Take one account, or the end of the answer."""
        if reply.body is not None and reply.callback.struct == _ACCOUNT:
            for name, values in self._found.items():
                values.add(self._layout.text(reply.body, name))
        if reply.is_last and self._error_of(reply.info) == 0:
            for name, values in self._found.items():
                self._defaults.pop(name, None)
                if len(values) == 1 and "" not in values:
                    self._defaults[name] = next(iter(values))


class _PasswordUpdate:
    """Note what became of one change of a password, where it is the session's own user's."""

    def __init__(
        self, error_of: ErrorOf, credentials: SessionCredentials, body: Mapping[str, Any]
    ) -> None:
        self._error_of = error_of
        self._credentials = credentials
        self._user_id = body.get("UserID") or ""
        self._old = body.get("OldPassword") or ""
        self._new = body.get("NewPassword") or ""

    def on_reply(self, reply: Reply) -> None:
        """Take the front's answer, or -408 where it is lost."""
        if self._user_id not in ("", self._credentials.user_id):
            return
        code = self._error_of(reply.info)
        if code == 0:
            self._credentials.change(self._old, self._new)
        elif code == errors.NO_ANSWER:
            self._credentials.doubt(self._old, self._new)
