"""A bar store without a thread: what waits is done when the reactor turns."""

from typing import Any

from webctp.upstream.barstore.row import BarRow, SeriesKey
from webctp.upstream.barstore.store import BarStore


class ThreadlessStore(BarStore):
    """Does all its work in the test's own thread, at once; ``held`` keeps it from doing any."""

    held = False

    def start(self) -> None:
        """Open the file."""
        self.turn()

    def stop(self) -> None:
        """Write what waits."""
        self.work()

    def put(self, key: SeriesKey, row: BarRow) -> None:
        super().put(key, row)
        self.work()

    def settle(self, instrument_id: str, trading_day: str, price: float) -> None:
        super().settle(instrument_id, trading_day, price)
        self.work()

    def _ask(self, run: Any) -> Any:
        done = super()._ask(run)
        self.work()
        return done

    def work(self) -> None:
        """Do what waits, unless it is held."""
        if not self.held:
            self.turn()
