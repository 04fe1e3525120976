"""The command line of the long forms: flows of orders through daemons that are killed."""

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Flow(NamedTuple):
    """What came of one flow of orders: how many, through how many kills, and what is wrong."""

    kills: int
    orders: int
    wrong: Sequence[str]


def run(argv: Sequence[str], what: str, play: Callable[[int, int], Flow]) -> int:
    """Play flows until so many moments have been tried; return the exit code.

    :param what: is played, for ``--help``.
    :param play: plays a flow, given its seed and how often its daemon is to be killed.
    """
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--each", type=int, default=10, help="kills of one daemon's flow")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    kills = orders = failures = 0
    for at in range(0, options.moments, options.each):
        seed = options.seed + at // options.each
        flow = play(seed, min(options.each, options.moments - at))
        kills, orders = kills + flow.kills, orders + flow.orders
        failures += bool(flow.wrong)
        print(f"seed {seed}: {flow.kills} kills, {flow.orders} orders", *flow.wrong, sep="\n  ")
    print(f"{kills} kills, {orders} orders, {failures} flows failed")
    return 1 if failures else 0
