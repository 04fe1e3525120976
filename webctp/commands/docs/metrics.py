"""The metrics that the daemon tells, from the constants of its rooms."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import webctp
from webctp.commands.docs.markdown import code, table
from webctp.metrics import Metric

_HEADS = ("指标 Metric", "类型 Kind", "标签 Labels", "含义 Meaning")


def every_metric() -> str:
    """Return a table of all metrics, by name."""
    return table(_HEADS, map(_row, sorted(declared(), key=lambda one: one.name)))


def declared() -> list[Metric]:
    """Return every metric that a module of the package holds as a constant, each once."""
    found = {
        id(value): value
        for name in _modules()
        for value in vars(import_module(name)).values()
        if isinstance(value, Metric)
    }
    return list(found.values())


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(webctp.__path__, f"{webctp.__name__}."):
        if not module.name.endswith("__main__"):
            yield module.name


def _row(metric: Metric) -> tuple[str, ...]:
    labels = ", ".join(map(code, metric.labels)) or "—"
    return code(metric.name), str(metric.kind), labels, f"{metric.chinese}<br>{metric.help}"
