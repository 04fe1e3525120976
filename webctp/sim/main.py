"""``python -m webctp sim``: a simulated front as a process of its own.

Daemons use it by ``TdFrontAddress: sim+unix://PATH``.
"""

import argparse
import gc
import os
import signal
import stat
import sys
from collections.abc import Sequence
from typing import Any

from webctp.ctp.runtime import DEFAULT, PACKAGES, BindingError
from webctp.language.environment import spoken
from webctp.language.text import Text, english, joined, reason_of, verbatim
from webctp.sim.host.state import StateError, StateFile
from webctp.sim.options import OptionError, SimOptions


def main(argv: Sequence[str]) -> int:
    """Serve a simulated front until SIGTERM or SIGINT, or send a control request to one.

    Gives the exit code; mistakes are one line on standard error.
    """
    arguments = _parser().parse_args(argv)
    try:
        if arguments.control:
            return _control(arguments.path, arguments.control)
        return _serve(
            arguments.path,
            SimOptions.from_address(f"sim://?{arguments.options}"),
            arguments.binding,
        )
    except (OptionError, StateError, BindingError) as mistake:
        _complain(reason_of(mistake))
    except OSError as problem:
        remedy = english("name a socket in a directory of yours 请指定自己目录中的套接字")
        if arguments.control:
            remedy = english("is a front serving it? 该前置是否在运行？")
        where, reason = arguments.path, problem.strerror
        _complain(joined("", (where, ": ", verbatim(reason), "; ", remedy)))
    return 1


def _complain(what: Text) -> None:
    print(f"webctp sim: {what.in_language(spoken())}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp sim",
        description="Serve a simulated front on a Unix socket / 在 Unix 套接字上运行模拟前置",
    )
    parser.add_argument("path", help="the socket / 套接字路径")
    parser.add_argument(
        "--options",
        default="",
        metavar="KEY=VALUE&…",
        help="options as in a front address, such as seed=7&speed=60 / 与前置地址中的选项相同",
    )
    parser.add_argument(
        "--binding",
        default=DEFAULT,
        choices=tuple(PACKAGES),
        help="the binding, as the daemons' key Binding says / 接口库，须与网关的 Binding 一致",
    )
    parser.add_argument(
        "--control",
        nargs="+",
        metavar=("COMMAND", "NAME=VALUE"),
        help="send a control request to the front that serves the socket, such as "
        "disconnect reason=0x1001 / 向正在运行的模拟前置发送控制请求",
    )
    return parser


def _control(path: str, words: Sequence[str]) -> int:
    from webctp.sim.remote.front import RemoteFront

    command, *rest = words
    arguments = {}
    for word in rest:
        name, equals, value = word.partition("=")
        if not equals:
            raise OptionError(english("{word!r} is no argument; write name=value", word=word))
        arguments[name] = value
    RemoteFront(f"sim+unix://{path}").control(command, **arguments)
    return 0


def _serve(path: str, options: SimOptions, package: str) -> int:
    # Installing a reactor is for the one who serves only.
    from twisted.internet import reactor
    from twisted.internet.error import CannotListenError
    from twisted.logger import globalLogBeginner, textFileLogObserver

    from webctp.ctp import binding
    from webctp.sim.host.thread import SimThread
    from webctp.sim.host.venue import SimVenue
    from webctp.sim.remote.server import SimFactory

    loop: Any = reactor
    if os.path.exists(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
        raise OptionError(english("{path} is there and no socket; name another path", path=path))
    if options.state_path:
        StateFile(options.state_path, options.seed).close()
    globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stderr)], redirectStandardIO=False)
    binding.load(package)
    try:
        # The lock file lets a new process take over from one that was killed.
        factory = SimFactory(SimThread(SimVenue(options)), loop)
        loop.listenUNIX(path, factory, mode=0o600, wantPID=True)
    except CannotListenError as problem:
        raise OptionError(
            english(
                "{path}: {problem}; is another front serving it?",
                path=path,
                problem=problem.socketError,
            )
        ) from None
    _settle()
    print(f"sim+unix://{path}", flush=True)
    loop.run()
    return 0


def _settle() -> None:
    """Let no signal but those that stop it end the front, and no collection hold it up for long.

    SIGHUP, SIGUSR1 and SIGUSR2 mean something to the daemon; whoever sends them to both must not
    lose its exchange. A full collection takes 50 to 200 ms where all instruments are known: a
    hundred times rarer, it waits for what the front leaves behind, which is little.
    """
    for harmless in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(harmless, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, old * 100)
