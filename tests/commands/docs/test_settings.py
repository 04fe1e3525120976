"""The configuration's keys in the documents."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.docs import settings
from webctp.config import Tls, keys
from webctp.sim.options import FAULT_KEYS, KEYS


class KeysTests(SynchronousTestCase):
    """Every key is there, with its meaning in both languages."""

    def test_every_key(self) -> None:
        text = settings.every_key()
        for key in keys():
            (line,) = [one for one in text.splitlines() if one.startswith(f"| `{key.name}` |")]
            for words in (key.en, key.zh, key.kind.en, key.kind.zh.strip()):
                self.assertIn(words, line)

    def test_keys_of_sections(self) -> None:
        for key in keys(Tls):
            self.assertIn(f"| `TLS.{key.name}` |", settings.every_key())

    def test_defaults(self) -> None:
        text = settings.every_key()
        for start in (
            "| `Port` | `8080` |",
            "| `PingInterval` | `20` |",
            "| `ProductionMode` | `true` |",
            "| `InvalidPrice` | `0` |",
            "| `AuthCode` | — |",
            "| `TLS.KeyFile` | 必填 required |",
        ):
            self.assertIn(start, text)

    def test_keys_of_the_simulated_front(self) -> None:
        text = settings.simulation_keys()
        for name, key in KEYS.items():
            self.assertIn(f"| `{name}` |", text)
            for words in (key.wanted, key.zh, key.en):
                self.assertIn(words, text)

    def test_keys_of_faults(self) -> None:
        text = settings.fault_keys()
        for name, key in FAULT_KEYS.items():
            (line,) = [one for one in text.splitlines() if one.startswith(f"| `{name}` |")]
            for words in (key.wanted, key.zh, key.en):
                self.assertIn(words, line)
        self.assertIn("| `BurstTicks` | `20000` |", text)

    def test_simulated_requests(self) -> None:
        text = settings.simulated_requests()
        self.assertIn("`ReqOrderInsert`", text)
        self.assertNotIn("`ReqOffsetSetting`", text)
