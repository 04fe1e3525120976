"""``python -m tests.compliance``: the Autobahn suite against the gateway's own site.

The suite (``autobahntestsuite``) runs on Python 2.7 alone: on ``python2.7`` or ``pypy``, or what
``--python2`` names. What it needs is installed below ``build/conformance`` where it is not there
yet. Its cases go to an echo server of the shipped site and options (``tests.compliance.echo``),
plain and over TLS; ``--cases 1.*,2.*`` for some of them. Prints how many cases ended how, in each
section, and each one that is not strictly right. The exit code is 1 where one is wrong that
:data:`EXPLAINED` does not name, and 3 where there is no Python 2.7.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.compliance.echo import PATH, ROOT, served
from tests.hostile.beside import with_tls

PLACE: Final = ROOT / "build" / "conformance"
SECTIONS: Final = (
    *("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"),
    *("12.*", "13.*"),
)
"""8 and 11 are not in the suite."""
INTERPRETERS: Final = ("python2.7", "pypy", "pypy2")
INSTALLER: Final = "pip==20.3.4"
"""The last pip that runs on Python 2.7."""
SUITE: Final = (
    "autobahntestsuite==25.10.1",
    *("autobahn==0.10.9", "Twisted==19.10.0", "txaio==2.1.0", "zope.interface==4.6.0"),
    *("pyOpenSSL==19.1.0", "cryptography==3.3.2", "service_identity==18.1.0", "idna==2.10"),
    *("jinja2==2.11.3", "markupsafe==1.1.1", "Werkzeug==1.0.1", "klein==17.10.0"),
    *("incremental==16.10.1", "unittest2==1.1.0", "six==1.16.0", "setuptools==44.0.0"),
)
"""The suite and what its 25.10.1 wants; its own package has lost the list."""

STRICT: Final = "OK"
EXPLAINED: Final[Mapping[str, str]] = {
    "7.1.6": "256 KiB, a message and a close at once: both are echoed, then the close is answered",
    "7.13.1": "close code 5000, undefined by RFC 6455: closed with 1002",
    "7.13.2": "close code 65535, undefined by RFC 6455: closed with 1002",
}
"""Cases that are INFORMATIONAL: the suite lets any outcome pass; docs/reliability.md has them."""

_RUN: Final = (
    "import site, sys; site.addsitedir(sys.argv.pop(1)); "
    "from autobahntestsuite.wstest import run; run()"
)


@dataclass(frozen=True)
class Result:
    """How one case ended; ``closing`` is about the closing handshake."""

    case: str
    behavior: str
    closing: str

    @property
    def section(self) -> int:
        """The chapter of the suite."""
        return int(self.case.partition(".")[0])

    @property
    def is_strict(self) -> bool:
        """Whether all was as RFC 6455 wants it."""
        return self.behavior == self.closing == STRICT

    @property
    def is_right(self) -> bool:
        """Whether it is strict, or not and explained."""
        informational = self.behavior == "INFORMATIONAL" and self.closing in BEHAVIORS[:2]
        return self.is_strict or (informational and self.case in EXPLAINED)


def results(report: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, list[Result]]:
    """Read the suite's ``index.json``: the results of each server, in the order of the cases."""
    return {
        server: sorted(
            (
                Result(case, str(one["behavior"]), str(one["behaviorClose"]))
                for case, one in cases.items()
            ),
            key=lambda one: [int(number) for number in one.case.split(".")],
        )
        for server, cases in report.items()
    }


def table(told: Mapping[str, Sequence[Result]]) -> list[str]:
    """Return the lines that count the results, and one for each that is not strict."""
    lines = ["| server | section | cases | " + " | ".join(BEHAVIORS) + " |"]
    lines.append("|---|---|---|" + "---|" * len(BEHAVIORS))
    for server, cases in told.items():
        for section in sorted({one.section for one in cases}):
            some = [one for one in cases if one.section == section]
            lines.append(_row(server, str(section), some))
        lines.append(_row(server, "all", cases))
    for server, cases in told.items():
        lines += [
            f"{server} {one.case}: {one.behavior}, closing {one.closing}: "
            f"{EXPLAINED.get(one.case, 'not explained') if one.is_right else 'WRONG'}"
            for one in cases
            if not one.is_strict
        ]
    return lines


BEHAVIORS: Final = ("OK", "INFORMATIONAL", "NON-STRICT", "other")


def _row(server: str, section: str, cases: Sequence[Result]) -> str:
    counts = Counter(
        one.behavior if one.behavior in BEHAVIORS and one.closing in BEHAVIORS[:2] else "other"
        for one in cases
    )
    cells = " | ".join(str(counts[one]) for one in BEHAVIORS)
    return f"| {server} | {section} | {len(cases)} | {cells} |"


def interpreter(named: str) -> str | None:
    """Find a Python 2.7; None where there is none."""
    for name in (named,) if named else INTERPRETERS:
        path = shutil.which(name)
        if path is None:
            continue
        asked = [path, "-c", "import sys; print(sys.version_info[:2])"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False)
        if told.stdout.strip() == "(2, 7)":
            return path
    return None


def install(python2: str) -> Path:
    """Install the suite for a Python 2.7 unless it is there; gives the directory."""
    packages = PLACE / "packages"
    if not (packages / "autobahntestsuite").is_dir():
        wheels = PLACE / "pip"
        download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(wheels)]
        subprocess.run([*download, INSTALLER], check=True)
        (pip,) = wheels.glob("pip-*.whl")
        subprocess.run(
            [python2, f"{pip}/pip", "install", "-q", "--target", str(packages), *SUITE],
            check=True,
        )
    return packages


def run(python2: str, packages: Path, cases: Sequence[str]) -> dict[str, list[Result]]:
    """Run the cases against an echo server of each kind."""
    reports = PLACE / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    with_tls(PLACE)
    with ExitStack() as stack:
        plain = stack.enter_context(served())
        tls = stack.enter_context(served(PLACE))
        servers = [
            {"agent": "plain", "url": f"ws://127.0.0.1:{plain}{PATH}"},
            {"agent": "tls", "url": f"wss://127.0.0.1:{tls}{PATH}"},
        ]
        spec = {
            "outdir": str(reports),
            "servers": servers,
            "cases": list(cases),
            "exclude-cases": [],
            "exclude-agent-cases": {},
        }
        file = PLACE / "fuzzingclient.json"
        file.write_text(json.dumps(spec), "utf-8")
        command = [python2, "-c", _RUN, str(packages), "-m", "fuzzingclient", "-s", str(file)]
        with (PLACE / "suite.log").open("wb") as log:
            subprocess.run(command, cwd=PLACE, stdout=log, stderr=subprocess.STDOUT, check=True)
    index = json.loads((reports / "index.json").read_text("utf-8"))
    return results(index)


def main(argv: Sequence[str]) -> int:
    """Run the suite, print what came of it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.compliance", description=__doc__)
    parser.add_argument("--python2", default="", help="a Python 2.7 or PyPy2")
    parser.add_argument("--cases", default=",".join(SECTIONS))
    options = parser.parse_args(argv)
    python2 = interpreter(options.python2)
    if python2 is None:
        print(
            "no Python 2.7 found, and the Autobahn suite runs on nothing newer: name one by "
            "`make conformance PYTHON2=PATH`. The project's own cases of the same sections are "
            "in tests/compliance: make test TESTS=tests.compliance",
            file=sys.stderr,
        )
        return 3
    told = run(python2, install(python2), options.cases.split(","))
    print("\n".join(table(told)))
    wrong = [one for cases in told.values() for one in cases if not one.is_right]
    return 1 if wrong or not all(told.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
