"""`python -m webctp kill`: forbids trading, on disk and in a running daemon; also lifts and shows.

The word is on disk when the command returns. Whether a daemon has it in force is told by the
daemon, which acknowledges it beside the file: exit code 0 if all have that run on the file, 3 if
none runs (then it holds from the next start of one) or one has not within :data:`PATIENCE` seconds,
1 if it is not on disk.
"""

import argparse
import getpass
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Final

import msgspec

from webctp.config import ConfigError, language_of, load
from webctp.language.environment import spoken
from webctp.language.text import english, reason_of
from webctp.secret import holds_token
from webctp.serving.services import kill_path
from webctp.storage.versions import UnknownVersion
from webctp.upstream.kill.acknowledging import RunningGateway, running
from webctp.upstream.kill.halts import (
    KillFile,
    KillLevel,
    KillState,
    Word,
    target_of,
)
from webctp.upstream.orders.parkedorders import ParkedLeft

PATIENCE: Final = 2.0
"""Seconds that the command waits for a daemon's word; it takes 40 ms at most, unless it is busy."""
PATIENCE_FRONT: Final = 4.0
"""Seconds that it waits for what the front says of parked orders: a daemon does so for 3."""
LIFT: Final = "none"
SHOW: Final = "show"
NOT_ON_DISK: Final = 1
NOBODY: Final = 3
_LOOK_EVERY: Final = 0.01
_CHINA: Final = timezone(timedelta(hours=8))


def main(argv: Sequence[str]) -> int:
    """Run the command; see the exit codes above (2 for a wrong call)."""
    arguments = _parser().parse_args(argv)
    try:
        path = arguments.path or kill_path(load(arguments.config))
        target = _target(arguments)
    except (ConfigError, ValueError) as problem:
        language = spoken() if arguments.config is None else language_of(arguments.config)
        print(f"webctp kill: {reason_of(problem).in_language(language)}", file=sys.stderr)
        return NOT_ON_DISK
    file = KillFile(path)
    if arguments.level == SHOW:
        _show(file.read(time.time()))
        return 0
    try:
        state = _change(file, arguments, target)
    except (OSError, UnknownVersion) as problem:
        print(f"webctp kill: {path}: not on disk: {problem}（未能落盘）", file=sys.stderr)
        return NOT_ON_DISK
    said = f"{arguments.level} for {target}"
    gateways = _in_force(file, state.serial)
    late = [one for one in gateways if one.told.serial < state.serial]
    for one in late:
        print(
            f"webctp kill: {said}: on disk in {path}, but the gateway of {one} has not taken it "
            f"within {PATIENCE:g} s（已落盘，但该网关未响应）",
            file=sys.stderr,
        )
    if not gateways:
        print(
            f"webctp kill: {said}: on disk in {path}, but no daemon has taken it within "
            f"{PATIENCE:g} s: it holds from the start of one that names this file"
            "（已落盘，但没有运行中的网关响应；将自网关启动起生效）",
            file=sys.stderr,
        )
    if late or not gateways:
        return NOBODY
    print(f"{said}: in force, and on disk in {path}（已生效并落盘）")
    for one in gateways:
        print(f"  {one}")
    if arguments.level != LIFT and (
        arguments.level != KillLevel.STOP_AND_CANCEL or arguments.token
    ):
        for one in gateways:
            _show_parked(one, state.serial)
    return 0


def _show_parked(gateway: RunningGateway, serial: int) -> None:
    """Print which parked orders stay at the front, as a daemon says that has asked it."""
    end = time.monotonic() + PATIENCE_FRONT
    told = gateway.left(serial)
    while told is None and time.monotonic() < end:
        time.sleep(_LOOK_EVERY)
        told = gateway.left(serial)
    try:
        left = None if told is None else msgspec.json.decode(told, type=ParkedLeft)
    except msgspec.MsgspecError:
        left = None
    if left is None:
        print(
            f"the daemon of {gateway} has not said which parked orders stay at the front"
            "（网关未告知有哪些预埋单留在前置）",
            file=sys.stderr,
        )
        return
    for one in left.orders:
        print(
            f"parked order {one.ParkedOrderID} of {one.BrokerID}/{one.InvestorID} stays at the "
            f"front, which may send it: {one.InstrumentID} {one.Direction} {one.CombOffsetFlag} "
            f"{one.LimitPrice:.10g} × {one.VolumeTotalOriginal}（预埋单留在前置，可能由其发出）"
        )
    for account in left.unknown:
        print(
            f"whether {account.broker_id}/{account.user_id} has parked orders is not known"
            "（未能查得其预埋单）"
        )


def _change(file: KillFile, arguments: argparse.Namespace, target: str) -> KillState:
    level = None if arguments.level == LIFT else KillLevel(arguments.level)
    by = f"{getpass.getuser()} (command)"
    return file.say(
        Word(target=target, level=level, at=time.time(), by=by, reason=arguments.reason)
    )


def _in_force(file: KillFile, serial: int) -> list[RunningGateway]:
    """Wait for every daemon's word that it has a change, or a later one, in force.

    Returns those that run in the end, the late ones among them.
    """
    end = time.monotonic() + PATIENCE
    while True:
        gateways = running(file.path)
        if gateways and all(one.told.serial >= serial for one in gateways):
            return gateways
        if time.monotonic() > end:
            return gateways
        time.sleep(_LOOK_EVERY)


def _show(state: KillState) -> None:
    if not state.halts:
        print("nothing is forbidden（未限制）")
    for halt in state.halts.values():
        since = datetime.fromtimestamp(halt.since, _CHINA).isoformat(" ", "seconds")
        print(f"{halt.level.value:15} {halt.target}  {since}  {halt.by}  {halt.reason}".rstrip())


def _target(arguments: argparse.Namespace) -> str:
    """Return whom the word concerns.

    :raises ValueError: for an account that is none, and for a token in place of its name.
    """
    for option in ("token", "account", "reason"):
        if holds_token(getattr(arguments, option) or ""):
            raise ValueError(
                english(
                    "--{option} holds a token, which would be written to disk; --token is the "
                    "token's name, as python -m webctp token list shows it",
                    option=option,
                )
            )
    broker_id, slash, user_id = (arguments.account or "").partition("/")
    if arguments.account is not None and not (broker_id and slash and user_id):
        raise ValueError(
            english(
                "--account {account!a} is no account; write BROKERID/INVESTORID",
                account=arguments.account[:64],
            )
        )
    if arguments.token == "":
        raise ValueError(english("--token is empty; write the name of a token"))
    lifts = arguments.level == LIFT
    return target_of(broker_id, user_id, arguments.token or "", lifts=lifts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp kill",
        description="Forbid trading at once, also after restarts; lift that; show it. "
        "立即限制交易（重启后依然有效）、解除、查看。",
    )
    parser.add_argument(
        "level",
        choices=[*map(str, KillLevel), LIFT, SHOW],
        help="reduce-only: closing orders only; stop: no inserts; stop-and-cancel: no inserts, and "
        "what rests is cancelled; none: lift; show: show · 只可平仓；禁止报单；禁止报单并撤销挂单；"
        "解除；查看",
    )
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("-c", "--config", help="the daemon's configuration file · 网关的配置文件")
    place.add_argument("--path", help="the kill switch's file (KillFile) · 状态文件")
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument(
        "--account", metavar="BROKERID/INVESTORID", help="this account only · 仅此账户"
    )
    whom.add_argument("--token", metavar="NAME", help="who shows this token · 仅持此令牌者")
    parser.add_argument("--reason", default="", help="shown to those concerned · 原因")
    return parser
