"""Reads options from mappings of texts, and words what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from webctp.language.text import Text, english, verbatim
from webctp.sim.options.key import Key

_SECRETS: Final = ("auth_code", "weak_password")
"""WeakPassword is no secret, but a password written there by mistake is one."""


class OptionError(ValueError):
    """A wrong option, as one line that names the key, what was found and what is accepted.

    ``keys`` leads to it through the configuration's ``Sim``, empty for one that is not from there:
    ``("Faults", "Duplicate")``.
    """

    def __init__(self, reason: Text, keys: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mapping of options stands: what its keys are called by, and the way to it.

    ``keys`` is None where there is no way, as in an address.
    """

    prefix: str
    keys: tuple[str, ...] | None = None

    def below(self, name: str) -> "Place":
        """Return the place of the mapping under a key."""
        keys = None if self.keys is None else (*self.keys, name)
        return Place(f"{self.prefix}{name}.", keys)

    def mistake(self, name: str, found: str, en: str, zh: str) -> OptionError:
        """Return the error for a wrong key or value."""
        keys = () if self.keys is None else (*self.keys, name)
        return OptionError(
            english(
                "{prefix}{name}: found {found}, wanted {en}（{zh}）",
                prefix=self.prefix,
                name=name,
                found=found,
                en=en,
                zh=zh,
            ),
            keys,
        )


def spelled(key: str, keys: Mapping[str, Key]) -> str:
    """Return a key, written in any case, as the configuration spells it."""
    return next((name for name in keys if name.lower() == key.lower()), key)


def _known(key: str, keys: Mapping[str, Key], place: Place) -> Key:
    if key in keys:
        return keys[key]
    near = get_close_matches(key, keys, 1, 0.5)
    wanted = verbatim(f"{place.prefix}{near[0]}" if near else "")
    if not near:
        wanted = english("one of {listed}", listed=", ".join(keys))
    raise OptionError(
        english(
            "{prefix}{name}: found an unknown key, wanted {wanted}（未知的键）",
            prefix=place.prefix,
            name=key[:60],
            wanted=wanted,
        ),
        () if place.keys is None else (*place.keys, key[:60]),
    )


def read_all(values: Mapping[str, object], keys: Mapping[str, Key], place: Place) -> dict[str, Any]:
    """Read a mapping into attributes; one below it, whose keys may be in any case, into its own.

    :raises OptionError: for an unknown key or a value that does not fit it.
    """
    attributes: dict[str, Any] = {}
    for name, value in values.items():
        key = _known(name, keys, place)
        if key.keys is None:
            attributes[key.attribute] = _read(name, key, value, place)
        elif isinstance(value, Mapping):
            below = {spelled(one, key.keys): found for one, found in value.items()}
            attributes[key.attribute] = read_all(below, key.keys, place.below(name))
        else:
            raise _mismatch(name, key, value, place)
    return attributes


def _read(name: str, known: Key, value: object, place: Place) -> object:
    try:
        if not isinstance(value, str | int | float):
            raise ValueError
        return known.read(str(value))
    except ValueError:
        raise _mismatch(name, known, value, place) from None


def _mismatch(name: str, known: Key, value: object, place: Place) -> OptionError:
    found = english("nothing") if value is None else repr(value)[:80]
    if known.attribute in _SECRETS:
        found = "***"
    return place.mistake(name, found, known.wanted, f"应为{known.wanted_zh}")
