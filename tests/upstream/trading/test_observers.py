"""What a session learns from answers on their way to whoever asked."""

from collections.abc import Mapping
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, errors
from webctp.ctp.codec import codec_for
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.account import AccountKey
from webctp.upstream.session.chain import Chain
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading.credentials import SessionCredentials
from webctp.upstream.trading.observers import ReplyObservers

TD = catalog.trading()
CODEC = codec_for(TD.module)
ACCOUNT = AccountKey("9999", "user")
OLD, NEW = "first", "second"


class Passwords:
    """Writes down what becomes of passwords."""

    def __init__(self) -> None:
        self.changed: list[tuple[str, str]] = []
        self.doubted: list[tuple[str, str]] = []

    def on_password_changed(self, account: AccountKey, old: str, new: str) -> None:
        """Take a change."""
        self.changed.append((old, new))

    def on_password_doubted(self, account: AccountKey, old: str, new: str) -> None:
        """Take a change that may have been made."""
        self.doubted.append((old, new))


class Observed(SynchronousTestCase):
    """Answers pass a session's observers."""

    def setUp(self) -> None:
        self.info = RspInfo(TD)
        self.defaults = {"UserID": "user"}
        self.passwords = Passwords()
        self.recoveries: list[Chain] = []
        self.credentials = SessionCredentials(
            TD, ACCOUNT, lambda method, body: {}, self.recoveries.append, self.passwords
        )
        self.credentials.begin(TD.methods["ReqUserLogin"], {"Password": OLD})
        self.pieces: list[list[bytes]] = []
        self.replies: list[Reply] = []
        self.observers = self.make()

    def make(self) -> ReplyObservers:
        """The observers of a session."""
        return ReplyObservers(
            CODEC, self.info.code, self.defaults, self.credentials, self.pieces.append
        )

    def answer(
        self,
        name: str,
        rows: list[Mapping[str, Any]],
        *,
        body: Mapping[str, Any] | None = None,
        code: int = 0,
    ) -> None:
        """Answer a request with these rows, the last of them last; with none by a bare end."""
        method = TD.methods[name]
        callback = method.reply
        on_reply = self.observers.beside(method, body or {}, self.replies.append)
        info = self.info.of(code) if code else None
        layout = CODEC.layout(callback.body_struct)
        bodies: list[bytes | None] = [layout.pack(row) for row in rows]
        bodies = bodies or [None]
        for at, one in enumerate(bodies):
            on_reply(Reply(callback, one, info, at == len(bodies) - 1))

    def test_whoever_asked_gets_every_reply(self) -> None:
        for name in ("ReqQryInstrument", "ReqQryTradingAccount", "ReqQryOrder"):
            self.replies.clear()
            self.answer(name, [{}, {}])
            self.assertEqual([reply.is_last for reply in self.replies], [False, True], name)

    def test_instruments_are_handed_on_some_at_a_time(self) -> None:
        names = [b"rb%d" % number for number in range(600)]
        self.answer("ReqQryInstrument", [{"InstrumentID": name.decode()} for name in names])
        self.assertEqual([len(piece) for piece in self.pieces], [256, 256, 88])
        self.assertEqual([name for piece in self.pieces for name in piece], names)

    def test_a_refusal_lists_no_instruments(self) -> None:
        self.answer("ReqQryInstrument", [{"InstrumentID": "rb1"}], code=90)
        self.assertEqual(self.pieces, [])

    def test_the_only_account_stands_for_requests_without_one(self) -> None:
        self.answer("ReqQryTradingAccount", [{"AccountID": "77", "CurrencyID": "CNY"}])
        self.assertEqual(self.defaults, {"UserID": "user", "AccountID": "77", "CurrencyID": "CNY"})

    def test_of_two_accounts_none_does(self) -> None:
        one = {"AccountID": "77", "CurrencyID": "CNY"}
        self.answer("ReqQryTradingAccount", [one])
        self.answer("ReqQryTradingAccount", [one, {**one, "AccountID": "78"}])
        self.assertEqual(self.defaults, {"UserID": "user", "CurrencyID": "CNY"})

    def test_a_refused_query_changes_nothing(self) -> None:
        self.answer("ReqQryTradingAccount", [{"AccountID": "77", "CurrencyID": "CNY"}])
        self.answer("ReqQryTradingAccount", [], code=90)
        self.assertEqual(self.defaults["AccountID"], "77")

    def change(self, *, code: int = 0, user_id: str = "user") -> None:
        """Ask for another password; CTP answers with ``code``."""
        body = {"UserID": user_id, "OldPassword": OLD, "NewPassword": NEW}
        self.answer("ReqUserPasswordUpdate", [], body=body, code=code)

    def test_an_accepted_password_is_the_one_to_recover_with(self) -> None:
        self.change()
        self.assertEqual(self.credentials.password, NEW)
        self.assertEqual((self.passwords.changed, len(self.recoveries)), ([(OLD, NEW)], 1))

    def test_a_refused_one_is_not(self) -> None:
        self.change(code=3)
        self.assertEqual(self.credentials.password, OLD)
        self.assertEqual((self.passwords.changed, self.passwords.doubted), ([], []))

    def test_where_the_answer_is_lost_either_may_hold(self) -> None:
        self.change(code=errors.NO_ANSWER)
        self.assertEqual(self.passwords.doubted, [(OLD, NEW)])
        self.assertIsNotNone(self.credentials.next_chain())
        self.assertEqual(self.credentials.password, NEW)

    def test_another_users_is_nothing_to_this_session(self) -> None:
        self.change(user_id="other")
        self.assertEqual((self.credentials.password, self.passwords.changed), (OLD, []))

    def test_the_session_has_learnt_before_whoever_asked_is_answered(self) -> None:
        told: list[str] = []
        method = TD.methods["ReqUserPasswordUpdate"]
        body = {"OldPassword": OLD, "NewPassword": NEW}
        on_reply = self.observers.beside(
            method, body, lambda reply: told.append(self.credentials.password)
        )
        on_reply(Reply(method.reply, None, None, True))
        self.assertEqual(told, [NEW])
