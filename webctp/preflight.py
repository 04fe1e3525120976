"""What a configuration names, looked at before anything is started: by the daemon and by doctor."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from webctp.config import Config, ConfigError
from webctp.ctp.codec import Codec, CodecError
from webctp.upstream.journal.reader import Reader
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.session import flow


def check_values(config: Config, codec: Codec) -> None:
    """Hold what logins will carry against the fields that it goes into.

    :param codec: the layouts of the binding's trading module.
    :raises ConfigError: naming the key, if CTP's field is too small for a value.
    """
    made = {
        "CThostFtdcReqAuthenticateField": {
            "BrokerID": config.broker_id,
            "AppID": config.app_id,
            "AuthCode": config.auth_code.reveal(),
        },
        "CThostFtdcReqUserLoginField": {"UserProductInfo": config.user_product_info},
    }
    for struct, values in made.items():
        try:
            codec.layout(struct).pack(values)
        except CodecError as problem:
            key = problem.field
            raise ConfigError(f"{key}: CTP {problem.reason}", (key,)) from None
    market = {"UserID": config.md_user_id, "Password": config.md_password.reveal()}
    try:
        codec.layout("CThostFtdcReqUserLoginField").pack(market)
    except CodecError as problem:
        key = f"Md{problem.field}"
        raise ConfigError(f"{key}: CTP {problem.reason}", (key,)) from None


def check_places(config: Config) -> None:
    """Look whether the directories and files that are written to can be; makes what is missing.

    Call it as the user that the daemon goes on with; it blocks on the disk.

    :raises ConfigError: naming the key.
    """
    try:
        flow.make_base(config.con_file_path)
    except flow.FlowError as problem:
        raise ConfigError(f"ConFilePath: {problem}", ("ConFilePath",)) from None
    if config.journal is not None and config.serves_td:
        trouble = journal_trouble(config.journal.path)
        if trouble:
            raise ConfigError(f"Journal.Path: {trouble}", ("Journal", "Path"))
    if config.record is not None and config.serves_md:
        trouble = record_trouble(config.record.path)
        if trouble:
            raise ConfigError(f"Record.Path: {trouble}", ("Record", "Path"))


def journal_trouble(name: str) -> str:
    """Return what is wrong with the journal's place; empty for one that can be written."""
    path = Path(name).absolute()
    if path.is_dir():
        return f"{path} is a directory; name a file"
    if path.exists():
        return _file_trouble(path)
    above = next(folder for folder in path.parents if folder.exists())
    if not above.is_dir():
        return f"{above} is no directory; name another file"
    return _access_trouble((above,))


def record_trouble(name: str) -> str:
    """Return what is wrong with the directory of recordings; empty for one that can be written."""
    path = Path(name).absolute()
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not nearest.is_dir():
        return f"{nearest} is no directory; name another one"
    return _access_trouble((nearest,))


def _file_trouble(path: Path) -> str:
    trouble = _access_trouble((path, path.parent))
    if trouble or path.stat().st_size == 0:
        return trouble
    try:
        Reader(path).close()
    except JournalBroken as problem:
        return f"{problem}; name another file"
    return ""


def _access_trouble(paths: Iterable[Path]) -> str:
    for path in paths:
        if not os.access(path, os.W_OK):
            return f"{path} cannot be written by user {os.geteuid()}; name another place"
        if path.is_dir():
            try:
                # What the access bits allow, the file system may not: /proc, a full disk.
                tempfile.TemporaryFile(dir=path).close()
            except OSError as problem:
                return f"{path} cannot be written ({problem.strerror}); name another place"
    return ""
