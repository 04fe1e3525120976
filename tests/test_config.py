"""The configuration file: what existing files say, what each key takes, how mistakes are told."""

import dataclasses
import os
import re
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.config import (
    AccessConfig,
    Config,
    ConfigError,
    HistoryConfig,
    JournalConfig,
    RecordConfig,
    Section,
    Tls,
    keys,
    load,
)
from webctp.config.fronts import FrontSettings
from webctp.config.kinds import MAPPING
from webctp.config.market import MarketSettings, SubscribePace
from webctp.config.process import ProcessSettings
from webctp.config.risk import ComplianceConfig
from webctp.config.serving import ConnectionLimits, Limits, ServingSettings, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.config.wording import LanguageSettings
from webctp.secret import Secret

ETC = Path(__file__).resolve().parent.parent / "etc"

#: As the original's sample has it, to the trailing blanks.
ORIGINAL = """\
TdFrontAddress: tcp://180.168.146.187:10130 # 交易前置地址
MdFrontAddress: tcp://180.168.146.187:10131 # 行情前置地址
BrokerID: "9999"
AuthCode: "0000000000000000"
AppID: simnow_client_test
Port: 8080         # the listening port, default 8080
Host: 0.0.0.0      # the bind ip address, default 0.0.0.0
LogLevel: INFO     # NOTSET, DEBUG, INFO, WARN, ERROR, CRITICAL
  \
"""

FRONT = "TdFrontAddress: tcp://10.0.0.1:41205\n"


class FileCase(SynchronousTestCase):
    """Writes configuration files and loads them."""

    def write(self, text: str | bytes) -> str:
        path: str = self.mktemp()
        Path(path).write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, text: str | bytes, app_type: str | None = None) -> Config:
        return load(self.write(text), app_type)

    def refusal(self, text: str | bytes, app_type: str | None = None) -> str:
        """Return what is said of a file that must be refused, without the path."""
        path = self.write(text)
        message = str(self.assertRaises(ConfigError, load, path, app_type))
        self.assertNotIn("\n", message)
        return message.removeprefix(path)


class ExistingFileTests(FileCase):
    """What users of the original have on their disks."""

    def test_the_original_sample(self) -> None:
        config = self.load(ORIGINAL)
        self.assertEqual(config.td_front_address, ("tcp://180.168.146.187:10130",))
        self.assertEqual(config.md_front_address, ("tcp://180.168.146.187:10131",))
        self.assertEqual(config.broker_id, "9999")
        self.assertEqual(config.auth_code.reveal(), "0" * 16)
        self.assertEqual(config.app_id, "simnow_client_test")
        self.assertEqual((config.host, config.port), ("0.0.0.0", 8080))
        self.assertEqual(config.log_level, "INFO")
        self.assertEqual(config.con_file_path, os.path.abspath("con_file"))

    def test_numbers_without_quotes_stay_text(self) -> None:
        config = self.load(FRONT + "AuthCode: 0000000000000000\nBrokerID: 0010\nAppID: 1e3\n")
        self.assertEqual(config.auth_code.reveal(), "0000000000000000")
        self.assertEqual((config.broker_id, config.app_id), ("0010", "1e3"))

    def test_a_number_in_quotes_is_a_number(self) -> None:
        self.assertEqual(self.load(FRONT + 'Port: "9001"\n').port, 9001)

    def test_json(self) -> None:
        self.assertEqual(self.load('{"TdFrontAddress": "tcp://a:1", "Port": 9001}').port, 9001)

    def test_keys_left_empty_count_as_left_out(self) -> None:
        config = self.load(FRONT + "Host:\nPort: null\nLogLevel: ~\nMdFrontAddress:\n")
        self.assertEqual((config.host, config.port, config.log_level), ("0.0.0.0", 8080, "INFO"))

    def test_the_encodings_of_windows_editors(self) -> None:
        for encoding in ("utf-8-sig", "gb18030"):
            config = self.load(("# 交易前置\r\n" + ORIGINAL).encode(encoding))
            self.assertEqual(config.broker_id, "9999")

    def test_con_file_path_is_relative_to_the_working_directory(self) -> None:
        config = self.load(FRONT + "ConFilePath: ./flow/\n")
        self.assertEqual(config.con_file_path, os.path.join(os.getcwd(), "flow"))

    def test_the_first_name_of_port_leads_to_the_one_it_has_now(self) -> None:
        self.assertIn("wanted Port", self.refusal(FRONT + "WebSocketPort: 8080\n"))


class KeyTests(FileCase):
    """Each key: what it takes, what it refuses."""

    TAKEN: tuple[tuple[str, str, Any], ...] = (
        ("AppType: both\nMdFrontAddress: tcp://a:1", "app_type", "both"),
        ("MdFrontAddress: [tcp://a:1, 'tcp6://::1:2', fens://b:3]", "md_front_address",
         ("tcp://a:1", "tcp6://::1:2", "fens://b:3")),
        ("MdFrontAddress: sim://?seed=7", "md_front_address", ("sim://?seed=7",)),
        ("MdFrontAddress: sim+unix:///run/x", "md_front_address", ("sim+unix:///run/x",)),
        ("MdFrontAddress: replay://a.csv?speed=2", "md_front_address", ("replay://a.csv?speed=2",)),
        ("MdFrontAddress: replay:///a b/c.csv", "md_front_address", ("replay:///a b/c.csv",)),
        ("ProductionMode: false", "production_mode", False),
        ("ProductionMode: YES", "production_mode", True),
        ("UserProductInfo: 12", "user_product_info", "12"),
        ("LoginTimeout: 0.5", "login_timeout", 0.5),
        ("LoginRefusals: 5", "login_refusals", 5),
        ("LoginRefusalWindow: 60", "login_refusal_window", 60.0),
        ("SessionLinger: 0", "session_linger", 0.0),
        ("SessionLinger: 90.5", "session_linger", 90.5),
        ("MaxSessions: 100", "max_sessions", 100),
        ("SessionSharing: account", "session_sharing", "account"),
        ("QueryInterval: 0", "query_interval", 0.0),
        ("QueryTimeout: 5", "query_timeout", 5.0),
        ("QueryQueue: 1", "query_queue", 1),
        ("OrderRate: 6", "order_rate", 6),
        ("OrderPatience: 0.25", "order_patience", 0.25),
        ("Journal: {Path: x}", "journal", JournalConfig(path="x")),
        ("Authenticate: optional", "authenticate", "optional"),
        ("SettlementConfirm: client", "settlement_confirm", "client"),
        ("MdUserID: 0815", "md_user_id", "0815"),
        ("MdPassword: geheim", "md_password", Secret("geheim")),
        ("SubscribeBatch: 100", "subscribe_batch", 100),
        ("SubscribeInterval: 0", "subscribe_interval", 0.0),
        ("UnsubscribeGrace: 0", "unsubscribe_grace", 0.0),
        ("MdRedundancy: false", "md_redundancy", False),
        ("MdStallSeconds: 2.5", "md_stall_seconds", 2.5),
        ("LastTick: false", "last_tick", False),
        ("MaxInstruments: 500", "max_instruments", 500),
        ("Port: 0", "port", 0),
        ("Listen: tcp:1", "listen", ("tcp:1",)),
        ("Listen: [tcp:1, unix:/x]", "listen", ("tcp:1", "unix:/x")),
        ("MetricsListen: tcp:9100", "metrics_listen", ("tcp:9100",)),
        ("AdminListen: off", "admin_listen", None),
        ("AdminListen: unix:/x", "admin_listen", ("unix:/x",)),
        ("Origins: 'null'", "origins", ("null",)),
        ("Origins: ['*', null]", "origins", ("*", "null")),
        ("Origins: https://*.a.cn:8", "origins", ("https://*.a.cn:8",)),
        ("LoginDeadline: 0", "login_deadline", 0.0),
        ("LoginDeadline: 2.5", "login_deadline", 2.5),
        ("HttpSessionIdle: 7", "http_session_idle", 7.0),
        ("MaxConnections: 0", "max_connections", 0),
        ("MaxConnectionsPerAddress: 10", "max_connections_per_address", 10),
        ("Binding: openctp_tts", "binding", "openctp_tts"),
        ("PingInterval: 5", "ping_interval", 5.0),
        ("PingTimeout: 86400", "ping_timeout", 86400.0),
        ("MaxMessageBytes: 1024", "max_message_bytes", 1024),
        ("Compression: 128", "compression", 128),
        ("Compression: off", "compression", None),
        ("MessageRate: 0", "message_rate", 0),
        ("ClientMemory: 1048576", "client_memory", 1048576),
        ("SlowClientBytes: 1048576", "slow_client_bytes", 1048576),
        ("MaxNesting: 40", "max_nesting", 40),
        ("SlowClientSeconds: 2.5", "slow_client_seconds", 2.5),
        ("InvalidPrice: null", "invalid_price", None),
        ("LogFileBytes: 0", "log_file_bytes", 0),
        ("InvalidPrice: 0", "invalid_price", 0),
        ("LogLevel: debug", "log_level", "DEBUG"),
        ("Language: zh", "language", "zh"),
        ("LogLevel: WARNING", "log_level", "WARN"),
        ("LogFormat: json", "log_format", "json"),
        ("LogLevels: {webctp.upstream: debug, webctp.tap: WARNING, twisted.web: ERROR}",
         "log_levels", {"webctp.upstream": "DEBUG", "webctp.tap": "WARN", "twisted.web": "ERROR"}),
    )  # fmt: skip

    REFUSED = (
        "Binding: openctp",
        "AppType: dev",
        "MdFrontAddress: 10.0.0.1:41205",
        "MdFrontAddress: tcp://10.0.0.1",
        "MdFrontAddress: tcp://10.0.0.1:0",
        "MdFrontAddress: tcp://10.0.0.1:65536",
        "MdFrontAddress: []",
        "MdFrontAddress: [tcp://a:1, sim://]",
        "MdFrontAddress: {a: b}",
        "ProductionMode: 1",
        "BrokerID: [9999]",
        "AuthCode: {geheim: 1}",
        "LoginTimeout: 0",
        "LoginTimeout: -1",
        "LoginTimeout: .inf",
        "LoginTimeout: 1e9",
        "LoginRefusals: 0",
        "LoginRefusals: 6",
        "LoginRefusalWindow: 0",
        "SessionLinger: -1",
        "SessionLinger: 86401",
        "MaxSessions: 0",
        "MaxSessions: 161",
        "SessionSharing: all",
        "SessionSharing: [account]",
        "QueryInterval: 61",
        "QueryTimeout: 0",
        "QueryQueue: 0",
        "OrderRate: -1",
        "OrderRate: 0.5",
        "OrderPatience: 0",
        "OrderPatience: 61",
        "MdFrontAddress: 'tcp://[::1]:2'",
        "MdFrontAddress: 'ssl://[::1]:2'",
        "MdFrontAddress: 'tcp6://[::1]:2'",
        "MdFrontAddress: 'tcp6://2'",
        "MdFrontAddress: 'fens://a'",
        "Authenticate: never",
        "SettlementConfirm: false",
        "SubscribeBatch: 0",
        "SubscribeInterval: 61",
        "UnsubscribeGrace: -1",
        "LastTick: 1",
        "InstrumentsFile: none.txt",
        "ConFilePath: ''",
        "Host: ''",
        "Host: a b",
        "Port: 65536",
        "Port: -1",
        "Port: 8080.0",
        "Port: ٣",
        "Port: " + "9" * 5000,
        "TLS: true",
        "TLS:",
        "TLS: null",
        "Journal: true",
        "Journal:",
        "Risk: 5",
        "Risk:",
        "Compliance: 5",
        "KillFile: [a]",
        "Record: true",
        "Record:",
        "Listen: ''",
        "Origins: []",
        "Origins: example.com",
        "Origins: https://example.com/page",
        "Listen:",
        "Listen: [[tcp:1]]",
        "MaxInstruments: -1",
        "History:",
        "Access:",
        "AuditLog:",
        "Language: fr",
        "MdRedundancy: 2",
        "MdStallSeconds: 0",
        "LoginDeadline: -1",
        "HttpSessionIdle: 0",
        "MaxConnections: -1",
        "MaxConnectionsPerAddress: many",
        "MaxMessageBytes: 2 MiB",
        "Compression: 63",
        "Compression: 65537",
        "Compression: true",
        "MessageRate: -1",
        "ClientMemory: 1",
        "SlowClientBytes: 1024",
        "SlowClientSeconds: 0",
        "InvalidPrice: -1",
        "LogLevel: trace",
        "LogFormat: xml",
        "LogLevels: DEBUG",
        "LogLevels: {webctp.upstream: loud}",
        "LogLevels: {webctp.upstairs: DEBUG}",
        "LogLevels: {webctp..tap: DEBUG}",
        "LogLevels: {../etc: DEBUG}",
        "LogLevels: {autobahn.websocket: DEBUG}",
        "Language: fr",
        "LogFileBytes: -1",
        "LogFileCount: 0",
        "CoreDumps: maybe",
        "Sim: 7",
    )

    def test_taken(self) -> None:
        for line, attribute, value in self.TAKEN:
            self.assertEqual(getattr(self.load(f"{FRONT}{line}\n"), attribute), value, line)

    def test_refused(self) -> None:
        for line in self.REFUSED:
            name = line.partition(":")[0]
            message = self.refusal(f"{FRONT}{line}\n")
            kind = next(key.kind for key in keys() if key.name == name)
            self.assertTrue(message.startswith(f":2: {name}: found "), message)
            self.assertTrue(message.endswith(f", wanted {kind.en}（应为{kind.zh}）"), message)
            self.assertLess(len(message), 400)

    def test_every_key_refuses_what_has_another_form(self) -> None:
        for key in keys():
            below = key.kind.section is not None or key.kind is MAPPING
            line = f"{key.name}: {'7' if below else '{a: b}'}"
            # A key that the file states already would be refused for that.
            front = "" if key.name == "TdFrontAddress" else FRONT
            message = self.refusal(f"{front}{line}\n")
            self.assertIn(f": {key.name}: found ", message)
            self.assertTrue(
                message.endswith(f", wanted {key.kind.en}（应为{key.kind.zh}）"), message
            )

    def test_a_path_that_is_a_file_is_no_directory(self) -> None:
        file = self.write("")
        self.assertIn("ConFilePath: found", self.refusal(f"{FRONT}ConFilePath: {file}\n"))

    def test_risk(self) -> None:
        found = self.load(
            f"{FRONT}Risk:\n  MaxOrderVolume: 10\n  SelfTrade: refuse\n  Accounts:\n"
            "    9999/0123: {MaxOrderVolume: 0, Offsets: [Close, CloseToday]}\n"
        ).risk
        assert found is not None
        self.assertEqual(found.of("9999/1").max_order_volume, 10)
        own = found.of("9999/0123")
        self.assertEqual((own.max_order_volume, own.self_trade), (0, "refuse"))
        self.assertEqual(own.offsets, ("Close", "CloseToday"))
        self.assertEqual(found.place_of("9999/0123", "offsets"), "Risk.Accounts.9999/0123")

    def test_risk_without_accounts(self) -> None:
        found = self.load(f"{FRONT}Risk: {{MaxOrderVolume: 1}}\n").risk
        assert found is not None
        self.assertEqual((found.of("9999/1").max_order_volume, found.tokens), (1, {}))

    def test_risk_s_mistakes_name_the_key_below(self) -> None:
        for below, said in (
            ("MaxOrderVolume: -1", ":3: Risk.MaxOrderVolume: found '-1'"),
            ("PriceBandPercent: 101", ":3: Risk.PriceBandPercent: found '101'"),
            ("Offsets: [Open, Shut]", ":3: Risk.Offsets: found a list of"),
            ("MaxOrdrVolume: 1", ":3: Risk.MaxOrdrVolume: found an unknown key, wanted"),
            ("Accounts: {'9999': {PriceTick: true}}", ":3: Risk.Accounts: found a mapping"),
            ("Tokens: {'a b': {PriceTick: true}}", ":3: Risk.Tokens: found a mapping"),
            ("Tokens: {page: {MaxPosition: x}}", ":3: Risk.Tokens.page.MaxPosition: found 'x'"),
            ("Accounts: {9999/1: 5}", ":3: Risk.Accounts.9999/1: found '5'"),
            ("Accounts: {9999/1: {Tick: 1}}", ":3: Risk.Accounts.9999/1.Tick: found an unknown"),
            ("Accounts: {9999/1: {Accounts: {}}}", "Risk.Accounts.9999/1.Accounts: found an unkn"),
        ):
            message = self.refusal(f"{FRONT}Risk:\n  {below}\n")
            self.assertIn(said, message, below)

    def test_compliance_alone_takes_the_defaults(self) -> None:
        for line in ("Compliance:", "Compliance: {}"):
            self.assertEqual(self.load(f"{FRONT}{line}\n").compliance, ComplianceConfig())
        self.assertIsNone(self.load(FRONT).compliance)
        low = self.load(f"{FRONT}Compliance: {{MaxCancels: 9, WarnPercent: 50}}\n").compliance
        self.assertEqual(low, ComplianceConfig(max_cancels=9, warn_percent=50.0))

    def test_history(self) -> None:
        kept = self.load(f"{FRONT}History: {{Instruments: 'rb????'}}\n").history
        self.assertEqual(kept, HistoryConfig(instruments=("rb????",), periods=("1m",), bars=500))
        both = self.load(f"{FRONT}History: {{Instruments: [a, a], Periods: [5m, 1d], Bars: 9}}\n")
        self.assertEqual(
            both.history, HistoryConfig(instruments=("a",), periods=("5m", "1d"), bars=9)
        )

    def test_history_mistakes_name_the_key_below(self) -> None:
        many = ", ".join(f"i{number}" for number in range(101))
        for below, said in (
            ("Periods: 1m", ":3: History.Instruments: found nothing, wanted an instrument"),
            (
                "Instruments: rb*\n  Periods: 90s",
                ":4: History.Periods: found '90s'",
            ),
            ("Instruments: rb*\n  Bars: 0", ":4: History.Bars: found '0'"),
            ("Instruments: rb* IF*", ":3: History.Instruments: found 'rb* IF*'"),
            (f"Instruments: [{many}]", ":3: History.Instruments: found a list of"),
            ("Instrument: rb*", ":3: History.Instrument: found an unknown key, wanted History.Ins"),
        ):
            message = self.refusal(f"{FRONT}History:\n  {below}\n")
            self.assertTrue(message.startswith(said), message)
        message = self.refusal(f"{FRONT}MaxInstruments: 1\nHistory: {{Instruments: [a, b]}}\n")
        self.assertIn("History.Instruments: found 2, wanted at most MaxInstruments, 1", message)

    def test_patterns_without_quotes(self) -> None:
        for line in ("History: {Instruments: [rb????, IF????]}", "History: {Instruments: *}"):
            message = self.refusal(f"{FRONT}{line}\n")
            self.assertIn("(text with * or ? goes in quotes", message)

    def test_an_instruments_file(self) -> None:
        file = self.write("rb2701")
        config = self.load(f"{FRONT}InstrumentsFile: {file}\n")
        self.assertEqual(config.instruments_file, os.path.abspath(file))

    def test_access(self) -> None:
        path = os.path.abspath("tokens.json")
        for below, wanted in (
            ("Tokens: tokens.json", AccessConfig(tokens=path)),
            (
                f"Tokens: {path}\n  TokenInQuery: true",
                AccessConfig(tokens=path, token_in_query=True),
            ),
        ):
            self.assertEqual(self.load(f"{FRONT}Access:\n  {below}\n").access, wanted)
        for below, said in (
            ("TokenInQuery: true", ":3: Access.Tokens: found nothing"),
            ("Tokens: /", ":3: Access.Tokens: found ***, wanted the path of a file"),
            ("Token: x", ":3: Access.Token: found an unknown key, wanted Access.Tokens"),
        ):
            message = self.refusal(f"{FRONT}Access:\n  {below}\n")
            self.assertTrue(message.startswith(said), message)

    def test_tls(self) -> None:
        file = self.write("")
        config = self.load(f"{FRONT}TLS: {{CertFile: {file}, KeyFile: {file}}}\n")
        path = os.path.abspath(file)
        self.assertEqual(config.tls, Tls(cert_file=path, key_file=path, chain_file=None))

    def test_tls_mistakes_name_the_key_below(self) -> None:
        file = self.write("")
        for below, said in (
            (f"CertFile: {file}", ":3: TLS.KeyFile: found nothing"),
            (f"CertFile: {file}\n  KeyFile: none.pem", ":4: TLS.KeyFile: found 'none.pem'"),
            (f"CertFil: {file}", ":3: TLS.CertFil: found an unknown key, wanted TLS.CertFile"),
        ):
            message = self.refusal(f"{FRONT}TLS:\n  {below}\n")
            self.assertTrue(message.startswith(said), message)

    def test_journal_mistakes_name_the_key_below(self) -> None:
        for below, said in (
            ("Days: 1", ":3: Journal.Path: found nothing"),
            ("Path: x\n  Days: -1", ":4: Journal.Days: found '-1'"),
            ("Path: x\n  OnFailure: ignore", ":4: Journal.OnFailure: found 'ignore'"),
            ("Path: x\n  Day: 1", ":4: Journal.Day: found an unknown key, wanted Journal.Days"),
        ):
            message = self.refusal(f"{FRONT}Journal:\n  {below}\n")
            self.assertTrue(message.startswith(said), message)

    def test_record(self) -> None:
        config = self.load(f"{FRONT}Record: {{Path: ticks, Format: parquet}}\n")
        path = os.path.abspath("ticks")
        self.assertEqual(config.record, RecordConfig(path=path, format="parquet"))
        file = self.write("")
        for below, said in (
            ("Format: csv", ":3: Record.Path: found nothing"),
            (f"Path: {file}", f":3: Record.Path: found '{file}'"),
            ("Path: x\n  Format: xls", ":4: Record.Format: found 'xls', wanted one of csv"),
        ):
            message = self.refusal(f"{FRONT}Record:\n  {below}\n")
            self.assertTrue(message.startswith(said), message)

    def test_sim_comes_as_it_stands(self) -> None:
        config = self.load(FRONT + "Sim:\n  Seed: 007\n  Password: geheim\n  Days: [a, {b: c}]\n")
        self.assertIsInstance(config.sim, Section)
        self.assertEqual(config.sim["Seed"], "007")
        self.assertEqual(config.sim["Password"], Secret("geheim"))
        self.assertEqual(config.sim["Days"], ("a", {"b": "c"}))
        self.assertEqual(config.sim.line("Days"), 5)


class MistakeTests(FileCase):
    """Mistakes of the file as a whole."""

    def test_unknown_key_names_the_nearest(self) -> None:
        message = self.refusal(FRONT + "TdFrontAdress: tcp://a:1\n")
        self.assertTrue(
            message.startswith(":2: TdFrontAdress: found an unknown key, wanted TdFrontAddress")
        )

    def test_unknown_key_like_none_names_them_all(self) -> None:
        message = self.refusal(FRONT + "Zzz: 1\n")
        for key in keys():
            self.assertIn(key.name, message)

    def test_a_key_twice(self) -> None:
        self.assertIn(
            ":3: Port: found a second time, wanted once (line 2 has it)",
            self.refusal(FRONT + "Port: 1\nPort: 1\n"),
        )
        self.assertIn(":2: Sim.Seed: found a second", self.refusal("Sim:\n  {Seed: 1, Seed: 2}\n"))

    def test_a_hot_spare_needs_two_addresses(self) -> None:
        both = "MdRedundancy: true\nMdFrontAddress: [tcp://10.0.0.1:1, tcp://10.0.0.2:1]\n"
        self.assertTrue(self.load(both, "md").md_redundancy)
        one = both.replace(", tcp://10.0.0.2:1", "")
        self.assertTrue(
            self.refusal(one, "md").startswith(": MdRedundancy: found true with 1 address")
        )
        self.load(f"{FRONT}{one}", "td")

    def test_market_data_over_ssl_is_refused(self) -> None:
        """CTP's library ends the process over it (tests/ctp/test_front.py)."""
        text = "MdFrontAddress: [tcp://10.0.0.1:1, ssl://10.0.0.2:1]\n"
        for app_type in ("md", "both"):
            told = self.refusal(f"{FRONT}{text}", app_type)
            self.assertTrue(told.startswith(": MdFrontAddress: found ssl://, wanted tcp://"), told)
        self.load(f"{FRONT}{text}", "td")
        self.load("TdFrontAddress: ssl://10.0.0.2:1\n", "td")

    def test_a_path_that_no_unix_socket_has_room_for(self) -> None:
        md = "AppType: md\nMdFrontAddress: tcp://10.0.0.1:1\n"
        longest = "/" + "s" * 106
        for key, text in (
            ("MdFrontAddress", "AppType: md\nMdFrontAddress: redis+unix://PATH?name=2"),
            ("MdFrontAddress", "AppType: md\nMdFrontAddress: sim+unix://PATH"),
            ("TdFrontAddress", "TdFrontAddress: sim+unix://PATH"),
            ("Bus.Url", f"{md}Bus: {{Url: 'redis+unix://PATH?database=1', Publish: true}}"),
            ("Listen", f"{md}Listen: 'unix:PATH:mode=600'"),
            ("Listen", f"{md}Listen: ['tcp:80', 'haproxy:unix:mode=600:address=PATH']"),
            ("AdminListen", f"{md}AdminListen: 'unix:PATH'"),
            ("MetricsListen", f"{md}MetricsListen: 'unix:PATH'"),
        ):
            self.load(text.replace("PATH", longest))
            told = self.refusal(text.replace("PATH", f"{longest}s"))
            self.assertTrue(told.startswith(f": {key}: found the path"), told)
            self.assertIn("108 bytes, wanted 107 at most", told)

    def test_a_path_counts_as_it_is_at_the_system(self) -> None:
        text = "AppType: md\nMdFrontAddress: 'redis+unix:///PATH'\n"
        self.load(text.replace("PATH", "%20" * 106))
        self.assertIn("109 bytes", self.refusal(text.replace("PATH", "价" * 36)))
        self.load("TdFrontAddress: sim://\nListen: 'unix:/" + "a\\:" * 53 + "'\n")

    def test_no_front_for_what_is_served(self) -> None:
        for text, app_type, key in (
            ("", None, "TdFrontAddress"),
            (FRONT, "both", "MdFrontAddress"),
            (FRONT + "AppType: md\n", None, "MdFrontAddress"),
        ):
            said = f": {key}: found nothing while {app_type or ('md' if text else 'td')} is served"
            self.assertTrue(self.refusal(text, app_type).startswith(said))

    def test_the_command_line_wins_over_app_type(self) -> None:
        self.assertEqual(self.load(FRONT).app_type, "td")
        self.assertEqual(self.load(FRONT + "AppType: md\n", "td").app_type, "td")

    def test_a_wrong_app_type_is_the_command_lines(self) -> None:
        message = self.refusal(FRONT, "dev")
        self.assertTrue(message.startswith("--app-type: found 'dev', wanted td, md or both"))

    def test_tls_beside_listen_is_for_an_endpoint_with_tls(self) -> None:
        tls = f"TLS: {{CertFile: {__file__}, KeyFile: {__file__}}}\n"
        with self.assertRaises(ConfigError) as caught:
            load(self.write(f"{FRONT}{tls}Listen: tcp:1\n"))
        self.assertIn(": Listen: found beside TLS, wanted only one", str(caught.exception))
        self.assertIn("tls:tcp:8443", str(caught.exception))
        config = load(self.write(f"{FRONT}{tls}Listen: [tcp:1, tls:tcp:2]\n"))
        self.assertEqual(config.listen, ("tcp:1", "tls:tcp:2"))

    def test_the_command_line_wins_over_port(self) -> None:
        path = self.write(FRONT + "Port: 1\n")
        self.assertEqual([load(path).port, load(path, None, "2").port], [1, 2])
        message = str(self.assertRaises(ConfigError, load, path, None, "x"))
        self.assertTrue(message.startswith("--port: found 'x', wanted a whole number from 0"))
        path = self.write(FRONT + "Listen: tcp:1\n")
        message = str(self.assertRaises(ConfigError, load, path, None, "2"))
        self.assertIn(": Listen: found beside --port, wanted only one", message)

    def test_a_host_in_brackets(self) -> None:
        for written in ('"[::1]"', '"::1"'):
            self.assertEqual(self.load(FRONT + f"Host: {written}\n").host, "::1")

    def test_a_tab(self) -> None:
        self.assertTrue(
            self.refusal("Sim:\n\tSeed: 1\n").startswith(":2: found a tab, where YAML takes spaces")
        )

    def test_listen_beside_what_it_replaces(self) -> None:
        self.assertTrue(
            self.refusal(FRONT + "Listen: tcp:1\nPort: 2\nHost: a\n").startswith(
                ": Listen: found beside Host, Port, wanted only one"
            )
        )

    def test_no_file(self) -> None:
        for path in ("missing.yaml", ".", "a\0b"):
            message = str(self.assertRaises(ConfigError, load, path))
            self.assertIn("found no file that can be read", message)

    def test_no_keys(self) -> None:
        for text in ("- a", "word", "AuthCode:geheim"):
            self.assertIn(":1: found no keys", self.refusal(text))

    def test_no_yaml(self) -> None:
        for text in (
            "a: [",
            "a: 'b",
            "a: b: c",
            "a:\n\t- b",
            "a: \x01",
            "[" * 5000,
            "--- a\n--- b",
        ):
            self.assertRegex(self.refusal(text), r"^:\d+: found .*（YAML 语法有误）$")

    def test_no_text(self) -> None:
        self.assertIn("found bytes that are no text", self.refusal(b"Port: \xff\xff"))

    def test_an_alias_that_holds_itself(self) -> None:
        self.assertIn("found nesting without end", self.refusal("Sim: &a {x: *a}"))

    def test_escapes_and_versions_beyond_all_bounds(self) -> None:
        for text in ('BrokerID: 1\nAppID: "\\U00110000"', '\nX: "\\UFFFFFFFF"'):
            self.assertIn(":2: found an escape or a version beyond", self.refusal(text), text)
        self.assertIn("beyond all bounds", self.refusal(f"%YAML 1.{'9' * 5000}\n---\nPort: 1\n"))

    @given(st.text(st.characters(codec="utf-8"), max_size=200))
    @example("[\x85")  # a line's end to YAML: what is wrong stands on a line behind the last
    def test_anything_at_all_is_a_configuration_or_one_line(self, text: str) -> None:
        try:
            self.load(text)
        except ConfigError as error:
            self.assertNotIn("\n", str(error))


class SecretTests(FileCase):
    """The AuthCode is printed by nothing."""

    def test_repr(self) -> None:
        config = self.load(FRONT + "AuthCode: geheim\nSim: {AuthCode: geheim, X: {Token: geheim}}")
        for printed in (repr(config), str(config), f"{config.auth_code} {config.auth_code!r}"):
            self.assertNotIn("geheim", printed)
        self.assertEqual(config.auth_code.reveal(), "geheim")

    def test_errors(self) -> None:
        for text in (
            "AuthCode: *geheim",
            "AuthCode: !geheim!x y",
            "AuthCode: &geheim",
            "AuthCode: geheim: b",
            "AuthCode: [geheim",
            "AuthCode: 'geheim",
            "AuthCode: [geheim]",
            "{AuthCode:geheim, Port: x}",
            "{AuthCode:geheim, AuthCode:geheim}",
            "AuthCode:geheim: b",
            "AuthCode: geheim\nAuthCode: geheim",
        ):
            self.assertNotIn("geheim", self.refusal(text))

    def test_a_secret_is_no_text(self) -> None:
        self.assertEqual((bool(Secret()), bool(Secret("x"))), (False, True))
        self.assertEqual(Secret("x"), Secret("x"))
        self.assertNotEqual(Secret("x"), "x")
        self.assertEqual(len({Secret("x"), Secret("x")}), 1)


class SampleTests(FileCase):
    """The configurations in etc/."""

    def test_each_loads(self) -> None:
        # The rules of Prometheus are no configuration.
        files = [path for path in ETC.glob("*.yaml") if path.name != "alerts.yaml"]
        served = {path.stem: load(str(path)).app_type for path in files}
        both = dict.fromkeys(("sim", "simnow", "container", "paper"), "both")
        self.assertEqual(served, {"td": "td", "md": "md", "node": "md", "edge": "md", **both})

    def test_sim_listens_where_it_is_said_to(self) -> None:
        config = load(str(ETC / "sim.yaml"))
        self.assertEqual((config.host, config.port), ("127.0.0.1", 8080))

    def test_td_yaml_explains_every_key_with_its_default(self) -> None:
        text = (ETC / "td.yaml").read_text("utf-8")
        shown = dict(re.findall(r"^#(\w+):(.*)$", text, re.MULTILINE))
        stated = set(re.findall(r"^(\w+):", text, re.MULTILINE))
        self.assertEqual(shown.keys() | stated, {key.name for key in keys()})
        self.assertEqual(shown.keys() & stated, set())
        examples = {key.name for key in keys() if key.example or key.kind.section}
        for name in shown.keys() - examples:
            config = self.load(f"{FRONT}{name}:{shown[name]}\n")
            self.assertEqual(config, self.load(FRONT), name)
        below = {one.name for key in keys() if key.kind.section for one in keys(key.kind.section)}
        self.assertEqual(set(re.findall(r"^#  (\w+): ", text, re.MULTILINE)), below)


class SectionTests(SynchronousTestCase):
    """The sections of the configuration are the settings of the rooms."""

    SECTIONS = (
        *(FrontSettings, TradingSettings, SubscribePace, MarketSettings, LanguageSettings),
        *(ServingSettings, WebSocketOptions, ConnectionLimits, Limits, ProcessSettings),
    )

    def test_the_configuration_is_each_of_them(self) -> None:
        for section in self.SECTIONS:
            self.assertIsInstance(Config(), section)

    def test_a_section_alone_has_the_defaults_that_a_file_has(self) -> None:
        for section in self.SECTIONS:
            for key in keys(section):
                self.assertEqual(key.default, getattr(Config(), key.attribute), key.name)

    def test_every_field_of_a_section_is_a_key(self) -> None:
        self.assertEqual(len(keys()), len(dataclasses.fields(Config)))
        for section in self.SECTIONS:
            self.assertLessEqual({key.name for key in keys(section)}, {key.name for key in keys()})

    def test_words_of_the_file_are_told_as_what_they_mean(self) -> None:
        config = Config(authenticate="optional", settlement_confirm="client")
        self.assertTrue(config.is_authentication_optional)
        self.assertFalse(config.confirms_settlement)
        self.assertFalse(config.shares_sessions)
        self.assertTrue(Config(session_sharing="account").shares_sessions)
