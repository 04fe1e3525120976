"""Single steps of the path, by pyperf: ``python -m bench.micro``.

Beside each struct's encoding stands what it replaces: reading every field through its getter and
handing the dict to ``json.dumps``.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any

import pyperf

from bench.structs import INSERT, instruments, order, order_layout, tick, tick_layout
from webctp.ctp import catalog
from webctp.ctp.codec import Layout, codec_for
from webctp.ctp.encoder import InvalidPrice, JsonEncoder, json_encoder
from webctp.gateway.messages import encoder as wire
from webctp.gateway.messages.schema import Schema, open_envelope

_STRUCTS = 64
_ORDER = json.dumps(
    {
        "MsgType": "ReqOrderInsert",
        "RequestID": 7,
        "InputOrder": {**INSERT, "BrokerID": "9999", "InvestorID": "bench", "OrderRef": "1"},
    }
).encode()


def by_getters(layout: Layout, live: Any) -> str:
    """The plain way: a getter for each field, then ``json.dumps``."""
    fields = {field.name: getattr(live, field.name) for field in layout.fields}
    return json.dumps(fields, ensure_ascii=False)


def _encoded(encode: JsonEncoder, structs: Iterator[bytes]) -> bytes:
    return encode(next(structs))


def steps() -> dict[str, Callable[[], object]]:
    """The steps by name; each looks at another struct every time, as the daemon does."""
    md, td = catalog.market_data(), catalog.trading()
    codec = codec_for(td.module)
    found: dict[str, Callable[[], object]] = {}
    one = codec.layout("CThostFtdcInstrumentField")
    listed = instruments(_STRUCTS)
    encode_tick = json_encoder(tick_layout(), InvalidPrice.ZERO, keep_reserved=True)
    for name, layout, encode, structs in (
        ("tick", tick_layout(), encode_tick, [bytes(tick(n)) for n in range(_STRUCTS)]),
        (
            "instrument",
            one,
            json_encoder(one, InvalidPrice.ZERO, keep_reserved=False),
            [listed[n * one.size : (n + 1) * one.size] for n in range(_STRUCTS)],
        ),
        (
            "order",
            order_layout(),
            json_encoder(order_layout(), InvalidPrice.ZERO, keep_reserved=False),
            [order(n) for n in range(_STRUCTS)],
        ),
    ):
        found[f"{name}: struct to JSON"] = partial(_encoded, encode, cycle(structs))
        found[f"{name}: getters and json.dumps"] = partial(
            by_getters, layout, layout.new(structs[3])
        )
    push, ticks = (
        md.callbacks["OnRtnDepthMarketData"],
        cycle(bytes(tick(n)) for n in range(_STRUCTS)),
    )
    encoder = wire.Encoder(md, InvalidPrice.ZERO, keep_reserved=True)
    found["tick: copied callback to frame"] = lambda: wire.frame(
        encoder.push(push, next(ticks), None, 0)
    )
    schema, insert = Schema(td), td.methods["ReqOrderInsert"]
    layout = codec.layout(insert.request_struct)

    def request() -> object:
        _, number, message = open_envelope(_ORDER)
        return layout.new(layout.pack(schema.read(insert, message, number).body))

    found["order: frame's payload to native struct"] = request
    return found


def main() -> None:
    """Run under pyperf, with its options."""
    runner = pyperf.Runner()
    for name, step in steps().items():
        runner.bench_func(name, step)


if __name__ == "__main__":
    main()
