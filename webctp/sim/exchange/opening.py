"""A user's first login: the account that is opened then, on the account file's terms or ours."""

from webctp.sim.accounts.account import Account
from webctp.sim.accounts.accountfile import bank_account
from webctp.sim.accounts.sessions import User
from webctp.sim.events import AccountKey
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.money import units


def open_account(exchange: Exchange, key: AccountKey, password: str) -> User | None:
    """Add a user with an account, on the account file's terms or else the options'.

    Return None if the file has the user with another password or at another broker.
    """
    terms, options = exchange.openings.get(key[1]), exchange.options
    balance, right, limit = options.balance, 0, options.position_limit
    if terms is not None:
        if terms.broker not in ("", key[0]) or terms.password not in ("", password):
            return None
        balance = balance if terms.balance is None else terms.balance
        right = terms.right
        limit = limit if terms.position_limit is None else terms.position_limit
    exchange.accounts[key] = Account(*key, units(balance))
    bank = bank_account(key[1], terms, options.bank_balance, exchange.markets.day.name)
    user = exchange.users[key] = User(key, password, bank, right, limit)
    # A broker sets both passwords; a fund password that the file leaves out is the login's.
    user.trading_password = password if terms is None else terms.fund_password or password
    user.makes_markets = terms is None or terms.makes_markets
    return user
