"""How long wrong, revoked, expired and right tokens take: ``python -m bench.tokens``.

Each is shown 1,000 times, in an order by chance, to the authentication of a gateway with 100
tokens. Whoever measures from outside can tell them apart by their answers alone.
"""

import random
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Final

from twisted.internet.task import Clock

from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Arrival, Scope
from webctp.gateway.access.tokens.authentication import TokenAuthentication
from webctp.gateway.access.tokens.record import Token, hash_of, new_token
from webctp.secret import Secret

TRIES: Final = 1_000
OTHERS: Final = 100
SOURCES: Final = 4_000
"""Addresses that the tries come from, in turn."""


def main() -> None:
    """Measure, and print a line for each kind of token."""
    now = datetime.now(UTC)
    shown: dict[str, Secret] = {
        kind: new_token() for kind in ("right", "wrong", "revoked", "expired")
    }
    others = [_token(f"other{number}", new_token(), now) for number in range(OTHERS)]
    right = _token("right", shown["right"], now)
    expired = _token("expired", shown["expired"], now, now - timedelta(days=1))
    revoked = _token("revoked", shown["revoked"], now)
    known = TokenAuthentication(Clock(), time.time, [*others, right, expired, revoked])
    known.take([*others, right, expired])
    # One that differs from the right one in its last character only.
    text = shown["right"].reveal()
    shown["wrong at the end"] = Secret(text[:-1] + ("A" if text[-1] != "A" else "B"))
    took: dict[str, list[float]] = {kind: [] for kind in shown}
    order = [kind for kind in shown for _ in range(TRIES)]
    random.shuffle(order)
    for number, kind in enumerate(order):
        host = f"10.0.{number % SOURCES // 256}.{number % 256}"
        headers = {"authorization": f"Bearer {shown[kind].reveal()}"}
        arrival = Arrival("/td/", headers, host, host)
        begun = time.perf_counter()
        with suppress(Refusal):
            known.authenticate(arrival)
        took[kind].append(time.perf_counter() - begun)
    for kind, seconds in took.items():
        low, _, high = quantiles(seconds, n=4)
        print(
            f"{kind:18} median {median(seconds) * 1e6:5.1f} µs, "
            f"half of them {low * 1e6:5.1f} to {high * 1e6:5.1f} µs, {len(seconds)} tries"
        )


def _token(name: str, token: Secret, now: datetime, expires: datetime | None = None) -> Token:
    return Token(
        name=name,
        sha256=hash_of(token),
        scopes=tuple(Scope),
        created=now,
        expires=expires,
    )


if __name__ == "__main__":
    main()
