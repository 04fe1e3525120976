"""The rows of `doctor` about the configuration file and the places that it names."""

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from webctp import preflight
from webctp.commands.doctor.check import Trouble
from webctp.config import Config, ConfigError, load, located
from webctp.ctp import binding
from webctp.gateway.access.tokens.file import TokenFileError, read_tokens
from webctp.language.text import Text, english, joined, reason_of
from webctp.start import exposures, open_to_all
from webctp.upstream.journal.place import keeper
from webctp.upstream.journal.reader import Reader
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.session import flow


def configuration(path: str, app_type: str | None, take: Callable[[Config], object]) -> str:
    """Read the configuration file, and give the configuration to ``take``."""
    try:
        config = load(path, app_type)
    except ConfigError as problem:
        raise Trouble(
            reason_of(problem),
            "correct the file; etc/td.yaml explains every key",
            "请改正配置文件；各项说明见 etc/td.yaml",
        ) from problem
    take(config)
    return f"{path}, AppType {config.app_type}"


def permissions(path: str, config: Config) -> str:
    """Check who may read the files that hold secrets."""
    for found in exposures(path, config):
        raise Trouble(found.found, found.remedy, f"请执行 {found.remedy}")
    return english("secrets are readable for their owner alone")


def access(config: Config) -> Text:
    """Check who may connect: those with a token, or whoever reaches the port."""
    if config.access is None:
        trouble = open_to_all(config)
        if trouble is not None:
            raise Trouble(
                trouble.found,
                trouble.remedy,
                "请设置 TLS 与 Access.Tokens，或只监听 127.0.0.1",
            )
        return english("no tokens; whoever reaches the port may try to log in · 未设令牌")
    file = Path(config.access.tokens)
    try:
        tokens = read_tokens(file)
    except TokenFileError as problem:
        raise Trouble(
            reason_of(problem),
            "put the file right; python -m webctp token writes it",
            "请修复该文件；它由 python -m webctp token 写入",
        ) from problem
    expired = [one.name for one in tokens if one.has_expired(time.time())]
    found = english("{file}, {count} tokens · {count} 个令牌", file=file, count=len(tokens))
    if not expired:
        return found
    return joined("; ", (found, english("expired 已过期: {names}", names=", ".join(expired))))


def values(path: str, config: Config) -> str:
    """Check that what logins carry fits the fields that it goes into."""
    try:
        preflight.check_values(config, binding.load().trading_codec)
    except ConfigError as problem:
        raise Trouble(
            located(path, problem), "correct the value in the configuration", "请改正配置中的值"
        ) from problem
    return english("BrokerID, AppID, AuthCode and UserProductInfo fit")


def flow_directory(base: str) -> str:
    """Check the directory of the flow files: made, locked twice over, and left as it was found."""
    missing = [path for path in (Path(base), *Path(base).parents) if not path.exists()]
    held: list[flow.FlowDirectory] = []
    try:
        held = [flow.acquire(base, "doctor", tidy=False) for _ in range(2)]
    except flow.FlowError as problem:
        raise Trouble(
            reason_of(problem),
            "the user who runs the gateway must be able to write there",
            "运行网关的用户须对该目录有写权限",
        ) from problem
    finally:
        for directory in held:
            directory.release()
        _remove_flow([Path(directory.path) for directory in held], missing)
    if held[0].path == held[1].path:
        raise Trouble(
            english("{base}: locks do not hold there", base=base),
            "set ConFilePath to a local disk",
            "请将 ConFilePath 设为本地磁盘目录",
        )
    return english("{base}, written and locked as user {user}", base=base, user=os.geteuid())


def _remove_flow(directories: Sequence[Path], missing: Sequence[Path]) -> None:
    """Remove what the check has made: a directory of root's would lock the gateway out."""
    for directory in directories:
        (directory / "lock").unlink(missing_ok=True)
    emptied = [*directories, *{directory.parent for directory in directories}, *missing]
    for path in emptied:
        # One that is in use, by a gateway just started, stays.
        with contextlib.suppress(OSError):
            path.rmdir()


def journal(path: str) -> str:
    """Check the journal's file: a journal of this version's, or a place where one can be made."""
    file = Path(path)
    en = "correct Journal.Path, or put the file right; ClientOrderIDs are in it, do not delete it"
    zh = "请改正 Journal.Path 或修复该文件；其中有 ClientOrderID，切勿删除"
    try:
        holder = keeper(file)
        if file.exists():
            Reader(file).close()
            found = english("{path}, {size:.1f} MiB", path=path, size=file.stat().st_size / 2**20)
        else:
            found = english("{path}, to be made", path=path)
    except (JournalBroken, OSError) as problem:
        raise Trouble(reason_of(problem), en, zh) from problem
    trouble = preflight.journal_trouble(path)
    if trouble:
        raise Trouble(trouble, en, zh)
    if holder is None:
        return found
    return english("{found}, kept by process {holder} now", found=found, holder=holder)


def audit_log(path: str) -> str:
    """Check the place of the audit log: a file that can be added to, or made."""
    trouble = preflight.audit_trouble(path)
    if trouble:
        raise Trouble(trouble, "correct AuditLog.Path", "请改正 AuditLog.Path")
    return path


def recordings(path: str) -> str:
    """Check the directory of recordings: there, or a place where it can be made."""
    trouble = preflight.record_trouble(path)
    if trouble:
        raise Trouble(trouble, "correct Record.Path", "请改正 Record.Path")
    return path
