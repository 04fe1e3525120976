"""Configuration files: one either loads, or the error names the file, and mostly the key."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from tests.fuzz.target import Finding, shown
from webctp import fronts, preflight
from webctp.config import Config, ConfigError, load, located
from webctp.config.table import keys
from webctp.ctp import binding
from webctp.ctp.codec import codec_for
from webctp.listening import endpoints_of

_NO_SERVER: Final = ("sim+unix://", "replay://")


class Target:
    """Of the module."""

    words = (
        *(f"\n{key.name}: " for key in keys()),
        *("sim://", "tcp://127.0.0.1:1", "\n- ", "[", "{", "&a ", "*a", "!!binary ", "ssl:443"),
        *('"\\U0011FFFF"', "!!timestamp ", "<<: ", "\n  Path: ", "? ", "| ", ">- "),
        "%YAML 1.2\n---\n",
    )

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("WEBCTP_FUZZ_PLACE")))
        self.file = self.folder / "fuzz.yaml"
        self.codec = codec_for(binding.load().trading.module)

    def run(self, data: bytes) -> None:
        """Load it, and look at it as a start does."""
        self.file.write_bytes(data)
        path = str(self.file)
        try:
            config = load(path, None)
        except ConfigError as problem:
            told = str(problem)
            if "\n" in told or not told.startswith(path):
                raise Finding(f"{shown(data)}: {told!r} is no line about the file") from None
            return
        try:
            self.look(config)
        except ConfigError as problem:
            told = str(located(path, problem))
            if "\n" in told or not told.startswith(path) or not problem.keys:
                raise Finding(f"{shown(data)}: {told!r} is no line about a key") from None

    def look(self, config: Config) -> None:
        """Do what a start does with it that makes no file and needs no port."""
        preflight.check_values(config, self.codec)
        sim = [one for one in config.td_front_address if one.startswith("sim://")]
        if sim:
            place = fronts.Place("TdFrontAddress", sim[0], config, keeps=False)
            fronts.scheme_of(sim[0]).front(place)
        if not config.listen:
            endpoints_of(None, config, None)

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder)
