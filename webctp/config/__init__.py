"""The configuration: a YAML file in, one checked and frozen `Config` out.

Values are read as text and converted by their key, never by their looks: an unquoted
`AuthCode: 0000000000000000` stays sixteen zeros. A key left empty (`Host:`) counts as left out, but
for those that would then serve or keep something else than they look like (`TLS:`, `Listen:`).
Paths are relative to the directory the gateway is started from, as in the original webctp.

`Config` is itself the table of keys; `keys()` reads it back, for documents and tests.
"""

from webctp.config.file import ConfigError, Section, Tree, read, revealed
from webctp.config.kinds import Kind
from webctp.config.reading import Reading
from webctp.config.sections import (
    AccessConfig,
    BarStoreConfig,
    HistoryConfig,
    JournalConfig,
    Key,
    RecordConfig,
    Tls,
)
from webctp.config.sources import everything
from webctp.config.table import Config, keys
from webctp.language.environment import spoken
from webctp.language.text import LANGUAGES, Language, Text, english

__all__ = [
    "AccessConfig",
    "BarStoreConfig",
    "Config",
    "ConfigError",
    "HistoryConfig",
    "JournalConfig",
    "Key",
    "Kind",
    "RecordConfig",
    "Section",
    "Tls",
    "Tree",
    "keys",
    "language_of",
    "load",
    "located",
    "revealed",
    "secret_file",
]


def load(path: str, app_type: str | None = None, port: str | None = None) -> Config:
    """Read the configuration file at `path`; `app_type` and `port` win over AppType and Port.

    What the environment and credentials say wins over the file; see :mod:`webctp.config.sources`.

    Raises ConfigError with one line when anything is not as it should be.
    """
    reading = Reading(path, app_type, port)
    if reading.config is None:
        raise reading.problems[0]
    return reading.config


def located(path: str, problem: ConfigError) -> Text:
    """Return what is wrong with a value of the file at `path`, with where the value stands."""
    place = None
    try:
        section: Tree = everything(path, read(path), [])
        for name in problem.keys:
            if not isinstance(section, Section) or name not in section:
                break
            place, section = section.origin(path, name).place, section[name]
    except ConfigError:
        place = None  # it was readable a moment ago
    return english("{where}: {problem}", where=place or path, problem=problem)


def secret_file(path: str, key: str) -> str:
    """Return the file that holds a secret; empty where none does, as with the environment.

    :param path: the configuration file, which is returned where it cannot be read.
    """
    try:
        return everything(path, read(path), []).origin(path, key).file
    except ConfigError:
        return path


def language_of(path: str) -> Language:
    """Return the language in which a mistake in a file is told.

    The configured ``Language`` where that can be read, else that of the environment.
    """
    try:
        asked = everything(path, read(path), []).get("Language")
    except ConfigError:
        asked = None
    return next((one for one in LANGUAGES if one == asked), spoken())
