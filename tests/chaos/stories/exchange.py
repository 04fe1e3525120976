"""The exchange as a process of its own: it may die and come back, for it keeps its state."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.daemons import ROOT
from webctp.ctp import binding, catalog
from webctp.ctp.codec import codec_for
from webctp.ctp.rspinfo import RspInfo
from webctp.sim.host.flows import QUICK, FlowPlace
from webctp.sim.remote import messages
from webctp.sim.remote.front import RemoteFront
from webctp.sim.remote.messages import Batch, Frames

_PATIENCE: Final = 60.0


class Exchange:
    """``python -m webctp sim`` on a socket in ``directory``.

    :param options: of the front, ``seed=7&…``; without ``statepath``.
    """

    def __init__(self, directory: Path, state: Path, options: str) -> None:
        self._output = directory / "exchange"
        self._output.touch()
        self._path = directory / "front"
        self._options = f"{options}&statepath={state}"
        self._process: subprocess.Popen[bytes] | None = None
        self._said = 0
        self.deaths = 0

    def start(self) -> None:
        """Begin, with what the last process left."""
        self._said = self._output.stat().st_size
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "webctp", "sim", str(self._path)),
                    *("--options", self._options),
                ],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def serving(self) -> bool:
        """Whether it serves.

        :raises AssertionError: if it has ended by itself.
        """
        if self._process is None:
            return False
        if self._process.poll() is not None:
            raise AssertionError(f"the exchange ended:\n{self.output}")
        return b"sim+unix://" in self._output.read_bytes()[self._said :]

    @property
    def output(self) -> str:
        """What it has printed."""
        return self._output.read_text("utf-8", "replace")

    def control(self, command: str, **arguments: str) -> None:
        """Carry out a control request; it must be serving."""
        RemoteFront(f"sim+unix://{self._path}").control(command, **arguments)

    def stop(self) -> None:
        """SIGSTOP."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        if self._process is not None:
            self.deaths += 1
            self._process.kill()
            self._process.wait()
            self._process = None

    def terminal(self, user: dict[str, str], key: dict[str, str]) -> "Terminal":
        """Another program of the account's owner.

        :param user: BrokerID and UserID.
        :param key: AppID and AuthCode.
        """
        return Terminal(self._path, user, key)


class Terminal:
    """A trading terminal that is not ours: it speaks to the exchange past every daemon.

    Each answer is awaited before the next request: nothing else is read.
    """

    def __init__(self, path: Path, user: dict[str, str], key: dict[str, str]) -> None:
        self._user = user
        self._catalogue = catalog.trading()
        self._codec = codec_for(self._catalogue.module)
        self._info = RspInfo(self._catalogue)
        self._frames = Frames()
        self._is_in = False
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(_PATIENCE)
        self._line.connect(str(path))
        self._send(messages.Hello(True, str(binding.load())))
        self._await("OnFrontConnected")
        self._ask("Authenticate", **key)

    def change_password(self, old: str, new: str) -> int:
        """Log in and change the password; gives the exchange's ErrorID."""
        code = self._login(old)
        if code == 0:
            answer = self._ask("UserPasswordUpdate", OldPassword=old, NewPassword=new)
            code = self._info.code(answer.info)
        return code

    def limits(self, password: str, instrument: str) -> tuple[float, float]:
        """Log in and ask for an instrument's lowest and highest price."""
        self._login(password)
        body = self._ask("QryDepthMarketData", InstrumentID=instrument).body
        if body is None:
            raise AssertionError(f"the exchange knows nothing of {instrument}")
        row = self._codec.layout("CThostFtdcDepthMarketDataField").unpack(body)
        return float(row["LowerLimitPrice"]), float(row["UpperLimitPrice"])

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _login(self, password: str) -> int:
        """Log in, unless it is in: a second login is not answered."""
        if not self._is_in:
            code = self._info.code(self._ask("UserLogin", Password=password).info)
            self._is_in = code == 0
            return code
        return 0

    def _ask(self, name: str, **values: str) -> messages.Message:
        layout = self._codec.layout(self._catalogue.methods[f"Req{name}"].request_struct)
        known = layout.by_name
        user = {field: value for field, value in self._user.items() if field in known}
        raw = layout.pack(user | values)
        topic = FlowPlace(QUICK, "", 0)
        self._send(messages.Request(f"Req{name}", raw, 1, (topic, topic), line=1))
        return self._await(f"OnRsp{name}")

    def _send(self, message: Any) -> None:
        self._line.sendall(messages.framed(message))

    def _await(self, callback: str) -> messages.Message:
        while data := self._line.recv(1 << 16):
            batches = [messages.to_client.decode(body) for body in self._frames.feed(data)]
            for batch in batches:
                for message in batch.messages if isinstance(batch, Batch) else ():
                    if message.callback == callback:
                        return message
        raise ConnectionError("the exchange hung up")
