"""Programs of vn.py's, run by an interpreter that has vnpy and its apps."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

from tests import clients


def played(
    python: str,
    program: str,
    *words: str,
    patience: float,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Run a program in a home of its own; return the JSON of its last line.

    :param program: the file's name, in this folder.
    :param patience: seconds after which it is ended.
    :param told: is called with each line of its output, as it comes.
    :raises CalledProcessError: if it fails, or takes too long.
    """
    path = Path(__file__).with_name(program)
    last = "{}"
    with tempfile.TemporaryDirectory(prefix="vnpy-") as home:
        Path(home, ".vntrader").mkdir()
        process = subprocess.Popen(
            [os.path.abspath(python), str(path), *words],
            cwd=home,
            env={
                **os.environ,
                "HOME": home,
                "USERPROFILE": home,
                "PYTHONPATH": os.pathsep.join(map(str, (clients.PYTHON, clients.VNPY))),
                "PYTHONUTF8": "1",
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        alarm = Timer(patience, process.kill)
        alarm.start()
        try:
            with process:
                for line in process.stdout or ():
                    last = line
                    told(line.rstrip())
        finally:
            alarm.cancel()
            process.kill()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, program)
    found: dict[str, Any] = json.loads(last)
    return found
