"""Which sessions watch which instruments."""


class Watchers(dict[str, frozenset[int]]):
    """The SessionIDs that watch each instrument; only instruments with one at least are in here.

    A set is never changed in place, so a tick that is under way keeps the sessions it was made for.
    """

    def add(self, session_id: int, instrument: str) -> None:
        """Let a session watch an instrument."""
        self[instrument] = self.get(instrument, frozenset()) | {session_id}

    def discard(self, session_id: int, instrument: str) -> bool:
        """Let a session no longer watch an instrument; return whether the session did."""
        watching = self.get(instrument, frozenset())
        if session_id not in watching:
            return False
        left = watching - {session_id}
        if left:
            self[instrument] = left
        else:
            del self[instrument]
        return True
