"""Tables and texts that commands print for people."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.terminal import columns, padded, printable, table


class Terminal(SynchronousTestCase):
    """What a terminal makes of them."""

    def test_chinese_characters_take_two_columns(self) -> None:
        self.assertEqual(columns("a买b"), 4)
        self.assertEqual(padded("买", 4), "买  ")

    def test_columns_stand_below_one_another_whatever_the_script(self) -> None:
        lines = list(table([("side", "lots"), ("买", "1"), ("sell", "22")]))
        self.assertEqual(lines, ["side  lots", "买    1", "sell  22"])
        self.assertEqual({columns(line[: line.rindex(" ") + 1]) for line in lines}, {6})

    def test_a_terminal_obeys_nothing(self) -> None:
        self.assertEqual(
            printable("a\x1b[2J\n"), "a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}"
        )
