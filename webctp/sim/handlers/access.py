"""Access: authentication, login, logout, passwords."""

from datetime import datetime

from webctp.sim.accounts.orders import FRONT_ID
from webctp.sim.accounts.sessions import User
from webctp.sim.events import READ_FAILED, AccountKey, Hangup, LoggedIn
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.opening import open_account
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import BEFORE_LOGIN, handles
from webctp.sim.refusals import (
    ADDRESS_BARRED,
    AUTHENTICATION_BARRED,
    BAD_AUTHENTICATION,
    BAD_LOGIN,
    EXPIRED_PASSWORD,
    FIRST_LOGIN,
    LOCKED,
    NOT_AUTHENTICATED,
    NOT_LOGGED_IN,
    OTHER_SESSION,
    SAME_PASSWORD,
    TOO_MANY_SESSIONS,
    WEAK_PASSWORD,
    WRONG_OLD_PASSWORD,
    Refused,
)

SYSTEM = "webctp-sim"

# What CTP does not support for now, say its pages (暂不支持), is refused so before a login, too.
BEFORE_LOGIN.update(
    {
        "ReqUserLoginWithCaptcha",
        "ReqUserLoginWithText",
        "ReqUserLoginWithOTP",
        "ReqGenUserCaptcha",
        "ReqGenUserText",
    }
)


@handles("ReqAuthenticate", before_login=True)
def authenticate(exchange: Exchange, request: Request) -> None:
    """Check AuthCode and AppID where the options hold them (63; 4060 after too many of these)."""
    options = exchange.options
    if exchange.failed_authentications >= options.lock_address_after:
        raise Refused(AUTHENTICATION_BARRED)
    for wanted, field in ((options.auth_code, "AuthCode"), (options.app_id, "AppID")):
        if wanted and request.text(field) != wanted:
            exchange.failed_authentications += 1
            raise Refused(BAD_AUTHENTICATION)
    request.session.authenticated = _key(request)
    exchange.tell(
        request.answer(
            {
                "BrokerID": request.text("BrokerID"),
                "UserID": request.text("UserID"),
                "UserProductInfo": request.text("UserProductInfo"),
                "AppID": request.text("AppID"),
                "AppType": "1",
            }
        )
    )


@handles("ReqUserLogin", before_login=True)
def login(exchange: Exchange, request: Request) -> None:
    """Log in: any user at first, then the same password; market data asks for none.

    As on CTP, a trading session is then sent the flows: by the public one the status of each
    product. A second login of a session that is in is not answered at all: the front filters it.
    """
    session, now = request.session, exchange.now
    if not session.trading:
        # Nobody is refused market data; an account without a name is the public's.
        session.account = _key(request)
        exchange.tell(request.answer(_welcome(exchange, request)))
        return
    if session.account is not None:
        return
    options = exchange.options
    if (options.auth_code or options.app_id) and session.authenticated != _key(request):
        raise Refused(NOT_AUTHENTICATED)
    user = _user(exchange, request)
    session.must_change = None
    for code, refused in (
        (FIRST_LOGIN, options.first_login and not user.changed),
        (EXPIRED_PASSWORD, options.expired_password and not user.changed),
        (WEAK_PASSWORD, len(user.password) < options.weak_password),
    ):
        if refused:
            # The session stays good for one thing: ReqUserPasswordUpdate.
            session.must_change = user.account
            raise Refused(code)
    if _sessions_of(exchange, user.account) >= options.max_sessions:
        raise Refused(TOO_MANY_SESSIONS)
    session.account, session.user_id = user.account, request.text("UserID")
    session.max_ref = session.max_comb_ref = 0
    exchange.tell(request.answer(_welcome(exchange, request, user.last_login)))
    user.last_login = now
    exchange.tell(LoggedIn(session.session_id, user.account))


@handles("ReqUserLogout")
def logout(exchange: Exchange, request: Request) -> None:
    """Log out, by the session's own names; then the connection breaks, and comes back by itself."""
    session = request.session
    key, user_id = session.account, session.user_id
    if key is None:
        raise Refused(NOT_LOGGED_IN)
    if session.trading and (request.text("BrokerID"), request.text("UserID")) != (key[0], user_id):
        raise Refused(OTHER_SESSION)
    session.account, session.user_id = None, ""
    exchange.tell(request.answer({"BrokerID": key[0], "UserID": user_id}))
    if session.trading:
        exchange.tell(Hangup(session.session_id, READ_FAILED))


@handles("ReqUserPasswordUpdate", before_login=True)
def change_password(exchange: Exchange, request: Request) -> None:
    """Change the login password (14 for a wrong old one, 142 for the same again)."""
    user = _known_user(exchange, request)
    if request.text("OldPassword") != user.password:
        raise Refused(WRONG_OLD_PASSWORD)
    new = new_password(request)
    if len(new) < exchange.options.weak_password:
        raise Refused(WEAK_PASSWORD)
    user.password, user.changed = new, True
    request.session.must_change = None
    exchange.tell(request.answer(request.values))


@handles("ReqUserAuthMethod", before_login=True)
def auth_method(exchange: Exchange, request: Request) -> None:
    """Answer which logins are possible: by password only (bits of captcha, OTP, text unset)."""
    exchange.tell(request.answer({"UsableAuthMethod": 0}))


def _key(request: Request) -> AccountKey:
    return request.text("BrokerID"), request.text("UserID")


def _user(exchange: Exchange, request: Request) -> User:
    """Return the user who logs in, with an account opened at the first login.

    :raises Refused: 3 for a wrong password, 75 after too many of them; 143 after too many failed
        logins of the address, whose they were.
    """
    key, password = _key(request), request.text("Password")
    if exchange.failed_logins >= exchange.options.lock_address_after:
        raise Refused(ADDRESS_BARRED)
    user = exchange.users.get(key)
    if user is None and all((*key, password)):
        user = open_account(exchange, key, password)
    if user is not None and user.failures >= exchange.options.lock_after:
        raise Refused(LOCKED)
    if user is None or user.password != password:
        exchange.failed_logins += 1
        if user is not None:
            user.failures += 1
        raise Refused(BAD_LOGIN)
    user.failures = 0
    return user


def _known_user(exchange: Exchange, request: Request) -> User:
    key = request.session.account or request.session.must_change
    if key is None:
        raise Refused(NOT_LOGGED_IN)
    return exchange.users[key]


def new_password(request: Request) -> str:
    """Return the password that a change asks for.

    :raises Refused: 142 for the old one again, 14 for none.
    """
    new = request.text("NewPassword")
    if new == request.text("OldPassword"):
        raise Refused(SAME_PASSWORD)
    if not new:
        raise Refused(WRONG_OLD_PASSWORD)
    return new


def _sessions_of(exchange: Exchange, key: AccountKey) -> int:
    return sum(session.trading and session.account == key for session in exchange.sessions.values())


def _welcome(
    exchange: Exchange, request: Request, last_login: datetime | None = None
) -> dict[str, object]:
    time = f"{exchange.now:%H:%M:%S}"
    clocks = ("SHFETime", "DCETime", "CZCETime", "FFEXTime", "INETime", "GFEXTime")
    return {
        "TradingDay": exchange.markets.day.name,
        "LoginTime": time,
        "BrokerID": request.text("BrokerID"),
        "UserID": request.text("UserID"),
        "SystemName": SYSTEM,
        "FrontID": FRONT_ID,
        "SessionID": request.session.session_id,
        "MaxOrderRef": str(request.session.max_ref),
        **dict.fromkeys(clocks, time),
        "SysVersion": SYSTEM,
        "LoginDRIdentityID": 1,
        "UserDRIdentityID": 1,
        "LastLoginTime": f"{last_login:%Y%m%d%H:%M:%S}" if last_login else "",
    }
