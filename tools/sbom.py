"""Write what webctp runs on, as a CycloneDX bill of materials: `make sbom` → build/sbom.json.

It lists what `pip install webctp` installs, by what is installed here: the distributions that
setup.py requires and theirs, without the tools of tests. Versions, licences and who needs whom are
read by cyclonedx-bom.
"""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parent.parent
PLACE: Final = ROOT / "build" / "sbom.json"
OURS: Final = "webctp"


def canonical(name: str) -> str:
    """Return a distribution's name as names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Return the distributions that one needs to run, itself among them.

    :raises SystemExit: if one of them is not installed.
    """
    found: set[str] = set()
    waiting = [(name, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        found.add(canonical(one[0]))
        try:
            requires = distribution(one[0]).requires or []
        except PackageNotFoundError:
            raise SystemExit(f"sbom: {one[0]} is not installed; make run installs it") from None
        for requirement in map(Requirement, requires):
            for extra in one[1] | {""}:
                if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                    waiting.append((requirement.name, frozenset(requirement.extras)))
                    break
    return found


def installed() -> dict[str, Any]:
    """Return the bill of everything that is installed for this interpreter."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--sv", "1.6"]
    done = subprocess.run(
        [*command, "--no-validate", "--output-reproducible", sys.executable],
        stdout=subprocess.PIPE,
        check=True,
    )
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def bill_of_materials() -> dict[str, Any]:
    """Return the bill of webctp: it is what the bill is of, the others are its components."""
    bill, wanted = installed(), needed(OURS)
    # An editable install is found twice: by its checkout, and by its metadata, tied to others.
    tied = {one["ref"] for one in bill["dependencies"]}
    listed = {canonical(one["name"]): one for one in bill["components"] if one["bom-ref"] in tied}
    missing = wanted - listed.keys()
    if missing:
        raise SystemExit(f"sbom: cyclonedx-bom does not list {', '.join(sorted(missing))}")
    ours = listed[OURS]
    # Where this checkout lies is nobody's business.
    bill["metadata"]["component"] = {
        name: value for name, value in ours.items() if name != "externalReferences"
    } | {"type": "application"}
    bill["components"] = [_licensed(listed[name]) for name in sorted(wanted - {OURS})]
    kept = {one["bom-ref"] for one in bill["components"]} | {ours["bom-ref"]}
    bill["dependencies"] = [
        _within(one, kept) for one in bill["dependencies"] if one["ref"] in kept
    ]
    return bill


def _licensed(component: dict[str, Any]) -> dict[str, Any]:
    """Return a component with its licence, which cyclonedx-bom leaves out if it has no classifier.

    :param component: as cyclonedx-bom lists it.
    """
    stated = metadata(component["name"])["License"]
    if "licenses" in component or not stated or "\n" in stated:
        return component
    return component | {"licenses": [{"license": {"name": stated}}]}


def _within(dependency: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """Return whom one needs, of those that are kept."""
    on = [one for one in dependency.get("dependsOn", ()) if one in kept]
    return {"ref": dependency["ref"], **({"dependsOn": on} if on else {})}


def main() -> None:
    """Write it."""
    bill = bill_of_materials()
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"sbom: {len(bill['components'])} components, in {PLACE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
