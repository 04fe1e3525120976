"""Options from a mapping and from an address, and what is said about mistakes."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from twisted.trial.unittest import SynchronousTestCase

from webctp.sim.options import FAULT_KEYS, KEYS, FaultOptions, OptionError, SimOptions


class Options(SynchronousTestCase):
    """Keys of the configuration's Sim."""

    def test_mapping(self) -> None:
        options = SimOptions.from_mapping(
            {"Seed": "7", "Speed": "60", "Start": "2026-11-23T20:55:00", "FirstLogin": "yes"}
        )
        self.assertEqual((options.seed, options.speed, options.first_login), (7, 60.0, True))
        self.assertEqual(options.start, datetime(2026, 11, 23, 20, 55))
        options = SimOptions.from_mapping({"NotTrading": "rb2705, cu_o,m2705-C-2800"})
        self.assertEqual(options.not_trading, {"rb2705", "cu_o", "m2705-C-2800"})

    def test_address_over_mapping(self) -> None:
        options = SimOptions.from_address("sim://?seed=9&CLOCK=calendar", {"Seed": "7"})
        self.assertEqual((options.seed, options.clock), (9, "calendar"))
        self.assertEqual(SimOptions.from_address("sim://"), SimOptions())

    def test_faults(self) -> None:
        options = SimOptions.from_mapping({"Faults": {"Duplicate": "0.5", "SlowSeconds": "3"}})
        self.assertEqual((options.faults.duplicate, options.faults.slow_seconds), (0.5, 3.0))
        base = {"Faults": {"Duplicate": "0.5"}}
        options = SimOptions.from_address("sim://?faults.lostack=1", base)
        self.assertEqual((options.faults.duplicate, options.faults.lost_ack), (0.5, 1.0))

    def test_every_key_has_an_attribute(self) -> None:
        for keys, options in ((KEYS, SimOptions), (FAULT_KEYS, FaultOptions)):
            attributes = {field.name for field in fields(options)}
            self.assertEqual({key.attribute for key in keys.values()}, attributes)

    def test_mistakes_are_one_line_with_a_remedy(self) -> None:
        cases: tuple[tuple[Mapping[str, object], str], ...] = (
            ({"Sped": "60"}, "Speed"),
            ({"Seed": "many"}, "an integer"),
            ({"Speed": "0"}, "0.1"),
            ({"Speed": "nan"}, "number"),
            ({"Clock": "never"}, "calendar"),
            ({"Start": "2026-11-23T20:55:00+08:00"}, "time of China"),
            ({"Seed": ["1"]}, "integer"),
            ({"Faults": "all"}, "mapping"),
            ({"Faults": {"Duplicates": "1"}}, "Duplicate"),
            ({"Faults": {"Duplicate": "2"}}, "from 0 to 1"),
            ({"NotTrading": "rb2705,"}, "rb2705,cu_o"),
            ({"NotTrading": "../rb"}, "rb2705,cu_o"),
            ({"PositionLimit": "-1"}, "lots"),
            ({"zzzz": "1"}, "one of Seed, Clock"),
        )
        for values, wanted in cases:
            with self.subTest(values=values):
                error = self.assertRaises(OptionError, SimOptions.from_mapping, values)
                self.assertIn(wanted, str(error))
                self.assertNotIn("\n", str(error))

    def test_wrong_address(self) -> None:
        self.assertRaises(OptionError, SimOptions.from_address, "sim://host/?seed=1")
        self.assertRaises(OptionError, SimOptions.from_address, "tcp://127.0.0.1:1")

    def test_secret_is_not_shown(self) -> None:
        self.assertNotIn("0000", repr(SimOptions(auth_code="0000")))
