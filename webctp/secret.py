"""Text that must not be printed."""


class Secret:
    """A password, code or token: prints as stars, and gives its text only to who asks by name.

    It is no `str` on purpose: a place that would log, format or encode it gets `***` or a type
    error, never the text, and a place that needs the text says `reveal()` where all can see it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "***"
