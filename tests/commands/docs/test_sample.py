"""The keys that a configuration in `etc/` leaves to its made part."""

import re
from unicodedata import east_asian_width

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.docs.sample import other_keys
from webctp.config import Tls, keys

MADE = "# <!-- made: keys -->\n#Port: 1\n# <!-- end: keys -->\n"


class SampleTests(SynchronousTestCase):
    """What a file does not state is shown with its default."""

    def shown(self, text: str) -> list[str]:
        return re.findall(r"^#(\w+):", other_keys(text), re.MULTILINE)

    def test_every_key_is_shown_where_none_is_stated(self) -> None:
        self.assertEqual(sorted(self.shown(MADE)), sorted(key.name for key in keys()))

    def test_what_is_stated_by_hand_is_left_out_and_nothing_else(self) -> None:
        left_out = {key.name for key in keys()}.difference(self.shown(f"Port: 80\n{MADE}"))
        self.assertEqual(left_out, {"Port"})

    def test_defaults_read_as_in_a_file(self) -> None:
        text = other_keys(MADE)
        for line in (
            *(
                "#Port: 8080",
                "#ProductionMode: true",
                "#InvalidPrice: 0",
                '#Origins: ["https://desk.example.com", "null"]',
            ),
            *("#LoginTimeout: 15", "#MdUserID:", "#Sim: {}", "#  KeyFile: /etc/webctp-tls/"),
        ):
            self.assertIn(f"\n{line}", text)

    def test_keys_of_sections_stand_below_them_with_their_meaning(self) -> None:
        text = other_keys(MADE)
        for key in keys(Tls):
            self.assertIn(f"\n#  {key.name}: {key.example}", text)
            self.assertIn(f"#  # {key.en[:40]}", text)

    def test_lines_are_no_wider_than_a_page(self) -> None:
        for line in other_keys(MADE).splitlines():
            columns = sum(1 + (east_asian_width(one) in "WF") for one in line)
            self.assertLessEqual(columns, 100, line)

    def test_no_line_begins_with_the_end_of_a_sentence(self) -> None:
        for line in other_keys(MADE).splitlines():
            self.assertNotRegex(line, r"^#? *#? *[，。；：、）]")
