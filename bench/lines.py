"""How the benchmarks' programs answer whoever started them (:class:`bench.rig.Process`)."""

import json


def say(**words: object) -> None:
    """A line of JSON on the standard output."""
    print(json.dumps(words), flush=True)
