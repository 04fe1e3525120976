"""All pages with made parts, and what makes each part."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from webctp.commands.docs import descriptions, messages, metrics, rooms, sample, settings, states
from webctp.commands.docs.examples import Example, Recorded, load, load_recorded, shown
from webctp.commands.docs.markdown import link
from webctp.commands.docs.messages import Messages
from webctp.commands.docs.ownmessages import own_messages
from webctp.commands.docs.page import PageError, pieces, remade
from webctp.commands.docs.structs import Structs
from webctp.ctp import binding
from webctp.ctp.catalog import Method

Maker = Callable[[], str]

_SERVICES: Final = ("td", "md")
_MADE_FROM = re.compile(r"openctp-ctp\s+(\d+(?:\.\d+)+)")
_MOST_LINES: Final = 40
BINDING: Final = "binding"
_FROM_BINDING: Final = (BINDING, *descriptions.PARTS)
"""The parts that name the version of the binding that a page was made from."""


@dataclass(frozen=True, slots=True)
class Report:
    """How pages and code compare: a line for each difference, and for what was not compared."""

    differences: tuple[str, ...]
    left_out: tuple[str, ...]


class Pages:
    """The pages of a checkout: its READMEs, everything in `docs/`, the configurations in `etc/`.

    :param root: the checkout's directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._examples = root / "docs" / "examples"

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every page, whether or not it has made parts."""
        patterns = ("README*.md", "docs/*.md", "docs/*.yaml", "etc/*.yaml")
        return tuple(path for one in patterns for path in sorted(self._root.glob(one)))

    def made(self) -> dict[Path, str]:
        """Return each page as it should be.

        :raises PageError: for markers that make no sense, or a part nobody makes.
        """
        return {path: self._made(path, path.read_text("utf-8")) for path in self.paths}

    def compared(self) -> Report:
        """Return whether the pages are as they should be.

        Parts made from another version of the binding than is loaded cannot be compared; each of
        their pages is named in the report.
        """
        differences: list[str] = []
        left_out: list[str] = []
        loaded = binding.load().version
        for path in self.paths:
            text = path.read_text("utf-8")
            name = str(path.relative_to(self._root))
            version = made_from(name, text)
            if version not in (None, loaded):
                left_out.append(
                    f"{name}: made from openctp-ctp {version}, and {loaded} is loaded: "
                    "what the binding tells is not compared（版本不同，未比较）"
                )
                wanted = self._made(path, text, binding=False)
            else:
                wanted = self._made(path, text)
            differences += _differences(name, text, wanted)
        return Report(tuple(differences), tuple(left_out))

    def _made(self, path: Path, text: str, *, binding: bool = True) -> str:
        name = str(path.relative_to(self._root))

        def make(part: str) -> str | None:
            if part == sample.PART:
                return sample.other_keys(text)
            maker = self._of_binding.get(part)
            if maker is not None:
                return maker() if binding else None
            maker = self._of_code.get(part)
            if maker is None:
                known = ", ".join([*self._of_code, *self._of_binding])
                raise PageError(f"{name}: nobody makes {part!r}; known are {known}")
            return maker()

        return remade(name, text, make)

    @cached_property
    def _of_code(self) -> Mapping[str, Maker]:
        """What makes the parts that are the same with every binding."""
        return {
            "configuration": settings.every_key,
            "configuration.sim": settings.simulation_keys,
            "simulation.faults": settings.fault_keys,
            "simulation.requests": settings.simulated_requests,
            "rooms": rooms.modules,
            "metrics": metrics.every_metric,
            "session.diagram": states.session_diagram,
            "session.table": states.session_table,
            "drain.diagram": states.drain_diagram,
            "drain.table": states.drain_table,
            "conditional.diagram": states.conditional_diagram,
            "conditional.table": states.conditional_table,
            "queries.states": states.query_states,
            "queries.diagram": states.query_diagram,
            "queries.table": states.query_table,
            "orders.diagram": states.order_diagram,
            "orders.table": states.order_table,
            "td.own": lambda: own_messages("td"),
            "md.own": lambda: own_messages("md"),
            "errors.gateway": messages.gateway_errors,
            "errors.ctp": messages.ctp_errors,
            "errors.reporting": messages.reporting_codes,
            "errors.examples": self._refusals,
        }

    @cached_property
    def _of_binding(self) -> Mapping[str, Maker]:
        """What makes the parts that depend on the loaded binding."""
        makers: dict[str, Maker] = {BINDING: _binding, **descriptions.PARTS}
        for service in _SERVICES:
            makers |= self._of_service(service)
        return makers

    def _of_service(self, service: str) -> Mapping[str, Maker]:
        loaded = binding.load()
        catalogue = loaded.trading if service == "td" else loaded.market
        structs = Structs(catalogue, keep_reserved=service == "md")
        told = Messages(catalogue, structs)

        def methods() -> dict[str, Method]:
            names = dict.fromkeys(example.msg_type for example in load(self._examples, service))
            return {name: catalogue.methods[name] for name in names}

        def contents() -> str:
            titles = {one.msg_type: one.title[0] for one in reversed(load(self._examples, service))}
            return "\n".join(
                f"- {link(name, name)} {titles[name].partition('：')[0]}" for name in methods()
            )

        def requests() -> str:
            played = self._played(service)
            return "\n\n".join(
                "\n\n".join(
                    [
                        f"### {name}",
                        told.heads(method),
                        *(shown(one, got) for one, got in played if one.msg_type == name),
                    ]
                )
                for name, method in methods().items()
            )

        return {
            f"{service}.contents": contents,
            f"{service}.examples": requests,
            f"{service}.requests": lambda: told.requests(methods()),
            f"{service}.calls": told.calls,
            f"{service}.pushes": told.pushes,
            f"{service}.structs": structs.tables,
            f"{service}.enumerations": structs.enumerations,
        }

    def _refusals(self) -> str:
        return "\n\n".join(shown(example, got) for example, got in self._played("errors"))

    def _played(self, script: str) -> tuple[tuple[Example, Recorded], ...]:
        examples = load(self._examples, script)
        recorded = load_recorded(self._examples, script)
        if [one.msg_type for one in examples] != [one.sent["MsgType"] for one in recorded]:
            raise PageError(
                f"docs/examples: {script}.recorded.json is of other examples than {script}.yaml; "
                "run `python -m webctp docs --record`"
            )
        return tuple(zip(examples, recorded, strict=True))


def made_from(name: str, text: str) -> str | None:
    """Return the binding's version that a page was made from; None where it says none."""
    for piece in pieces(name, text):
        if piece.part in _FROM_BINDING and (found := _MADE_FROM.search(piece.text)):
            return found[1]
    return None


def _binding() -> str:
    td, md = binding.load().trading, binding.load().market
    return (
        f"由 openctp-ctp {binding.load().version} 生成：交易 {len(td.methods)} 个请求、"
        f"{len(td.callbacks)} 个应答与推送，行情 {len(md.methods)} 与 {len(md.callbacks)} 个。"
        "网关运行时读取所装版本，新版本新增的请求无需升级网关即可使用。\n\n"
        f"Made from openctp-ctp {binding.load().version}: {len(td.methods)} requests and "
        f"{len(td.callbacks)} answers and pushes for trading, {len(md.methods)} and "
        f"{len(md.callbacks)} for market data. The gateway reads whatever version is installed: "
        "what a newer one adds can be used without a newer gateway."
    )


def _differences(name: str, text: str, wanted: str) -> Iterator[str]:
    if text == wanted:
        return
    lines = difflib.unified_diff(
        text.splitlines(), wanted.splitlines(), name, f"{name} (made)", lineterm="", n=1
    )
    for number, line in enumerate(lines):
        if number == _MOST_LINES:
            yield "…"
            return
        yield line
