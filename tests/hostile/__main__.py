"""``python -m tests.hostile``: floods of every kind beside honest clients, one after the other.

Prints a line a flood: what the honest waited at md and for an order's return, the longest turn of
the daemon's reactor, how the flooding client was closed, and the daemon's memory before and after.
``--seconds 10`` for each, ``--only pings`` for those whose name holds a word, ``--turns`` to say
what took the longest turn, ``--tls`` over TLS.
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.hostile.beside import HEAD, beside, daemon, with_tls
from tests.hostile.floods import FLOODS
from tests.hostile.honest import teach


def main() -> None:
    """Do them all."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--turns", action="store_true")
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    floods = [
        flood
        for flood in FLOODS
        if options.only in flood.name and (options.tls or not flood.only_tls)
    ]
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        more = with_tls(directory) if options.tls else ""
        one = stack.enter_context(daemon(directory / "one", more))
        teach(one.port, tls=one.tls)
        print(HEAD, flush=True)
        for flood in [None, *floods]:
            outcome = beside(one, flood, options.seconds, rest=2.0)
            print(outcome.row(), flush=True)
            if options.turns:
                print("   ", ", ".join(outcome.turn[1]), flush=True)


if __name__ == "__main__":
    main()
