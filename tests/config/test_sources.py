"""Values from elsewhere than the file: the environment, credentials, secrets in files."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.config import own_environment
from tests.fifos import fifo
from webctp.config import Config, ConfigError, keys, language_of, load, located, secret_file
from webctp.config.file import Source
from webctp.config.reading import Reading
from webctp.config.sources import file_key, strangers
from webctp.language.text import LANGUAGES, verbatim

FRONT = "TdFrontAddress: tcp://10.0.0.1:41205\n"


class SourceCase(SynchronousTestCase):
    """Writes a file, and sets an environment of its own."""

    def setUp(self) -> None:
        own_environment(self)
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.path = self.write("webctp.yaml", FRONT)

    def write(self, name: str, text: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def load(self, text: str = "", **environment: str) -> Config:
        self.write("webctp.yaml", FRONT + text)
        os.environ.update(environment)
        return load(self.path)

    def refusal(self, text: str = "", **environment: str) -> str:
        message = str(self.assertRaises(ConfigError, self.load, text, **environment))
        self.assertNotIn("\n", message)
        return message

    def origin(self, name: str) -> tuple[Source, str, str]:
        (found,) = (one for one in Reading(self.path).found if one.name == name)
        return found.origin.source, found.origin.place, found.origin.file


class Environment(SourceCase):
    """``WEBCTP_<KEY>``."""

    def test_every_key_can_be_given(self) -> None:
        """Each key's own default, or a refusal that names the variable: none is unknown."""
        for key in keys():
            variable = f"WEBCTP_{key.name.upper()}"
            os.environ[variable] = "\x01"
            problems = Reading(self.path).problems
            self.assertTrue(
                all("unknown" not in str(one) for one in problems), (variable, problems)
            )
            del os.environ[variable]

    def test_it_wins_over_the_file(self) -> None:
        config = self.load("Port: 1\nBrokerID: 1\n", WEBCTP_PORT="2", WEBCTP_BrokerID="0010")
        self.assertEqual((config.port, config.broker_id), (2, "0010"))
        self.assertEqual(self.origin("Port"), (Source.ENVIRONMENT, "WEBCTP_PORT", ""))
        self.assertEqual(self.origin("AppID")[0], Source.DEFAULT)

    def test_the_command_line_wins_over_it(self) -> None:
        self.load(WEBCTP_PORT="2")
        self.assertEqual(load(self.path, None, "3").port, 3)

    def test_keys_below_others(self) -> None:
        config = self.load(
            "Risk: {MaxOrderVolume: 1, MaxPosition: 5}\n",
            WEBCTP_RISK__MAXORDERVOLUME="7",
            WEBCTP_JOURNAL__PATH="j.sqlite",
        )
        assert config.risk is not None
        assert config.journal is not None
        self.assertEqual((config.risk.max_order_volume, config.risk.max_position), (7, 5))
        self.assertEqual(config.journal.path, "j.sqlite")
        self.assertEqual(self.origin("Risk.MaxOrderVolume")[1], "WEBCTP_RISK__MAXORDERVOLUME")
        self.assertEqual(self.origin("Risk.MaxPosition")[0], Source.FILE)

    def test_lists_and_mappings_are_written_in_brackets(self) -> None:
        config = self.load(
            WEBCTP_TDFRONTADDRESS="[tcp://a:1, tcp://b:2]",
            WEBCTP_LOGLEVELS="{webctp.upstream: DEBUG}",
        )
        self.assertEqual(config.td_front_address, ("tcp://a:1", "tcp://b:2"))
        self.assertEqual(config.log_levels, {"webctp.upstream": "DEBUG"})

    def test_a_secret_is_taken_as_it_is(self) -> None:
        config = self.load(WEBCTP_AUTHCODE="[0000${HOME}]", WEBCTP_MDPASSWORD="{a: b")
        self.assertEqual(config.auth_code.reveal(), "[0000${HOME}]")
        self.assertEqual(config.md_password.reveal(), "{a: b")

    def test_a_mistake_names_the_variable(self) -> None:
        self.assertTrue(self.refusal(WEBCTP_PORT="x").startswith("WEBCTP_PORT: Port: found 'x'"))
        del os.environ["WEBCTP_PORT"]
        self.assertIn("WEBCTP_ORIGINS", self.refusal(WEBCTP_ORIGINS="[a"))

    def test_one_that_is_nearly_a_key_is_refused(self) -> None:
        for variable, wanted in (
            ("WEBCTP_AUTHCDOE", "WEBCTP_AUTHCODE"),
            ("WEBCTP_TLS__CERTFIL", "WEBCTP_TLS__CERTFILE"),
            ("WEBCTP_JOURNL__PATH", "WEBCTP_JOURNAL"),
        ):
            said = self.refusal(**{variable: "geheim"})
            self.assertIn(f"{variable}: found an unknown variable, wanted {wanted}（", said)
            self.assertNotIn("geheim", said)
            del os.environ[variable]

    def test_what_is_somebody_else_s_is_left_alone(self) -> None:
        """etc/hello.py's, those of Kubernetes, and what nobody knows."""
        self.load(WEBCTP_PASSWORD="geheim", WEBCTP_SERVICE_HOST="10.0.0.1", WEBCTP_FOO__BAR="1")
        self.assertEqual(strangers(), ["WEBCTP_FOO__BAR", "WEBCTP_SERVICE_HOST"])

    def test_left_empty_it_counts_as_left_out(self) -> None:
        self.assertEqual(self.load("Port: 5\n", WEBCTP_PORT="").port, 5)


class Variables(SourceCase):
    """``${NAME}`` in the file."""

    def test_it_stands_for_what_the_environment_has(self) -> None:
        config = self.load(
            "AuthCode: ${CODE}\nConFilePath: ${PLACE}/flow\nAppID: a$${CODE}b$CODE${no-name}\n",
            CODE="0000",
            PLACE=str(self.folder),
        )
        self.assertEqual(config.auth_code.reveal(), "0000")
        self.assertEqual(config.con_file_path, str(self.folder / "flow"))
        self.assertEqual(config.app_id, "a${CODE}b$CODE${no-name}")

    def test_one_that_there_is_not_is_refused(self) -> None:
        said = self.refusal("TLS:\n  CertFile: a\n  KeyFile: ${NOPE}\n")
        self.assertTrue(
            said.startswith(f"{self.path}:4: TLS.KeyFile: found ${{NOPE}}, which the env"), said
        )


class SecretFiles(SourceCase):
    """``AuthCodeFile``, and the same of every secret."""

    def test_every_secret_has_one(self) -> None:
        secrets = [one for one in keys() if file_key(one) is not None]
        self.assertEqual([one.name for one in secrets], ["AuthCode", "MdPassword", "BusPassword"])
        for key in secrets:
            for text in ("0000 ", "0000 \n", "0000 \r\n"):
                held = self.write("held", text)
                config = self.load(f"{key.name}File: {held}\n")
                self.assertEqual(getattr(config, key.attribute).reveal(), "0000 ")
            self.assertEqual(secret_file(self.path, key.name), held)
            self.assertEqual(self.origin(key.name)[0], Source.SECRET_FILE)

    def test_the_environment_may_name_it(self) -> None:
        held = self.write("held", "1111\n")
        config = self.load("AuthCode: '2222'\n", WEBCTP_AUTHCODEFILE=held)
        self.assertEqual(config.auth_code.reveal(), "1111")
        self.assertEqual(secret_file(self.path, "AuthCode"), held)

    def test_both_are_one_too_many(self) -> None:
        held = self.write("held", "1111\n")
        said = self.refusal(f"AuthCode: '2222'\nAuthCodeFile: {held}\n")
        self.assertIn(":3: AuthCodeFile: found beside AuthCode, wanted only one", said)

    def test_what_holds_no_secret_is_refused(self) -> None:
        for content in (None, b"", b"\n", b"one\ns3cret-2\n", b"\xff\xfe", b"x" * 70_000):
            held = str(self.folder / "nothing") if content is None else self.write("held", content)
            said = self.refusal(f"AuthCodeFile: {held}\n")
            self.assertIn(":2: AuthCodeFile: found no file that holds one line of text (", said)
            self.assertNotIn("s3cret-2", said)

    def test_a_list_is_no_path(self) -> None:
        self.assertIn("AuthCodeFile: found no file", self.refusal("AuthCodeFile: [a]\n"))


class Credentials(SourceCase):
    """What systemd hands over."""

    def setUp(self) -> None:
        super().setUp()
        self.handed = self.folder / "credentials"
        self.handed.mkdir()
        os.environ["CREDENTIALS_DIRECTORY"] = str(self.handed)

    def test_one_of_a_key_s_name_is_its_value(self) -> None:
        (self.handed / "AuthCode").write_text("0000\n")
        (self.handed / "config.yaml").write_text("x")
        config = self.load("AuthCode: '1111'\n")
        self.assertEqual(config.auth_code.reveal(), "0000")
        place = str(self.handed / "AuthCode")
        self.assertEqual(self.origin("AuthCode"), (Source.CREDENTIAL, place, place))

    def test_one_of_another_name_is_named(self) -> None:
        (self.handed / "broker").write_text("0000\n")
        config = self.load("AuthCodeFile: ${CREDENTIALS_DIRECTORY}/broker\n")
        self.assertEqual(config.auth_code.reveal(), "0000")

    def test_the_environment_wins(self) -> None:
        (self.handed / "AuthCode").write_text("0000\n")
        self.assertEqual(self.load(WEBCTP_AUTHCODE="2222").auth_code.reveal(), "2222")

    def test_a_fifo_is_not_waited_for(self) -> None:
        fifo(self, self.folder / "pipe")
        self.assertIn("not a regular file", self.refusal(f"AuthCodeFile: {self.folder}/pipe\n"))

    def test_one_that_cannot_be_read_is_refused(self) -> None:
        (self.handed / "AuthCode").write_text("")
        self.assertIn(f"{self.handed}/AuthCode: AuthCode: found no file", self.refusal())


class Places(SourceCase):
    """Where a mistake that is found later stands."""

    def test_a_file_that_has_gone_meanwhile(self) -> None:
        gone = f"{self.path}.gone"
        said = located(gone, ConfigError(verbatim("too long"), ("BrokerID",)))
        self.assertEqual(str(said), f"{gone}: too long")
        self.assertEqual(secret_file(gone, "AuthCode"), gone)
        self.assertIn(language_of(gone), LANGUAGES)

    def test_a_variable_is_named(self) -> None:
        self.load(WEBCTP_BROKERID="12345678901234567890")
        said = located(self.path, ConfigError(verbatim("too long"), ("BrokerID",)))
        self.assertEqual(said, "WEBCTP_BROKERID: too long")
