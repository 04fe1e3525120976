"""The native front: real API instances, made and released; and how older builds are met."""

import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.daemons import ROOT
from webctp.ctp import binding, bridge, catalog, runtime
from webctp.ctp.bridge import Bridge
from webctp.ctp.codec import codec_for
from webctp.ctp.front import NativeFront

TTS: Final = "openctp_tts"


class NativeTests(SynchronousTestCase):
    """The shipped libraries; nothing here touches the network."""

    def flow(self) -> str:
        directory = Path(self.mktemp()).resolve()
        directory.mkdir(parents=True)
        return f"{directory}/"

    def check(self, create: Callable[[str, bool], Any], kind: type) -> None:
        for production_mode in (False, True):
            flow = self.flow()
            api = create(flow, production_mode)
            self.assertIsInstance(api, kind)
            # TTS keeps no flow files.
            kept = binding.load().package != TTS
            self.assertEqual(bool(list(Path(flow).glob("*.con"))), kept, "flow files")
            api.Release()

    def test_trading(self) -> None:
        loaded = binding.load()
        self.check(NativeFront(loaded).create_trader, loaded.trading.api_class)

    def test_market_data(self) -> None:
        loaded = binding.load()
        self.check(NativeFront(loaded).create_market, loaded.market.api_class)

    def test_market_data_over_ssl_ends_the_process(self) -> None:
        """Why the configuration refuses it. Where this fails the library has learnt it."""
        script = """
            import resource, socket, tempfile, time
            from webctp.ctp import binding
            from webctp.ctp.front import NativeFront
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            front = socket.create_server(("127.0.0.1", 0))
            api = NativeFront(binding.load()).create_market(tempfile.mkdtemp() + "/", True)
            api.RegisterFront(f"ssl://127.0.0.1:{front.getsockname()[1]}")
            api.Init()
            front.settimeout(30)
            front.accept()
            time.sleep(5)
        """
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)],
            cwd=ROOT,
            capture_output=True,
            timeout=120,
            check=False,
        )
        self.assertLess(done.returncode, 0, done.stderr)

    def test_before_a_connection_requests_are_refused(self) -> None:
        if binding.load().package == TTS:
            raise SkipTest("TTS takes some requests before it has a connection (0, not -1)")
        api = NativeFront(binding.load()).create_trader(self.flow(), False)
        trading = catalog.trading()
        codec = codec_for(trading.module)
        spi = bridge.spi(trading, codec, Bridge(_Nobody(), list))
        api.RegisterSpi(spi)
        for name in ("ReqUserLogin", "ReqQryInvestor", "ReqOrderInsert"):
            struct = codec.layout(trading.methods[name].request_struct).new()
            self.assertEqual(getattr(api, name)(struct, 1), -1)
        api.Release()


class ArgumentTests(SynchronousTestCase):
    """What the two Create calls take."""

    def test_the_prototypes_of_the_loaded_build(self) -> None:
        # The market-data call has UDP and multicast before the production mode.
        modules = runtime.load()
        for create, expected in (
            (modules.td.CThostFtdcTraderApi.CreateFtdcTraderApi, "char const *"),
            (modules.md.CThostFtdcMdApi.CreateFtdcMdApi, "char const *,bool const,bool const"),
        ):
            problem = self.assertRaises(TypeError, create, *range(9))
            longest = str(problem).split("prototypes are:")[1].split("(")[1].split(")")[0]
            self.assertIn(longest, (expected, f"{expected},bool"))

    def created(self, most: int, method: str) -> list[tuple[object, ...]]:
        """Return the calls that reach a build whose Create takes at most ``most`` arguments."""
        calls: list[tuple[object, ...]] = []

        class Api:
            """A stand-in for both API classes."""

            @staticmethod
            def create(*arguments: object) -> str:
                calls.append(arguments)
                if len(arguments) > most:
                    raise TypeError(f"expected at most {most} arguments")
                return "api"

            CreateFtdcTraderApi = CreateFtdcMdApi = create

        class Both:
            """A stand-in for both catalogues."""

            api_class = Api

        catalogue: Any = Both()
        odd = replace(binding.load(), trading=catalogue, market=catalogue)
        self.assertEqual(getattr(NativeFront(odd), method)("flow/", False), "api")
        return calls

    def test_the_mode_comes_last(self) -> None:
        self.assertEqual(self.created(2, "create_trader"), [("flow/", False)])
        self.assertEqual(self.created(4, "create_market"), [("flow/", False, False, False)])

    def test_builds_without_modes(self) -> None:
        self.assertEqual(self.created(1, "create_trader"), [("flow/", False), ("flow/",)])
        self.assertEqual(
            self.created(3, "create_market"),
            [("flow/", False, False, False), ("flow/", False, False)],
        )


class _Nobody:
    """A reactor that is never reached."""

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kwargs: object) -> None:
        raise AssertionError("no callback was due")
