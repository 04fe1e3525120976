"""The rooms' modules in the architecture."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import webctp
from webctp.commands.docs import rooms

PACKAGE = Path(str(webctp.__file__)).parent


class RoomTests(SynchronousTestCase):
    """Each module in its own words."""

    def test_every_module_is_there_and_says_what_it_is(self) -> None:
        made = rooms.modules()
        for room in rooms.ROOMS:
            self.assertIn(f"**`{room}/`**", made)
            for path in (PACKAGE / room).glob("[!_]*.py"):
                (row,) = [
                    line
                    for line in made.splitlines()
                    if line.startswith(f"| `{path.name}` |")
                    and line.split("|")[2].strip() in path.read_text("utf-8")
                ]
                self.assertGreater(len(row.split("|")[2].strip()), 10, path)
