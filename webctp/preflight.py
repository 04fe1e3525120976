"""What a configuration names, looked at before anything is started: by the daemon and by doctor."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from webctp.config import Config, ConfigError
from webctp.ctp.codec import Codec, CodecError
from webctp.language.text import NOTHING, Text, english, reason_of
from webctp.upstream.barstore.file import BarFile, BarStoreError
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
            raise ConfigError(_does_not_fit(key, problem), (key,)) from None
    market = {"UserID": config.md_user_id, "Password": config.md_password.reveal()}
    try:
        codec.layout("CThostFtdcReqUserLoginField").pack(market)
    except CodecError as problem:
        key = f"Md{problem.field}"
        raise ConfigError(_does_not_fit(key, problem), (key,)) from None


def check_places(config: Config) -> None:
    """Look whether the directories and files that are written to can be; makes what is missing.

    Call it as the user that the daemon goes on with; it blocks on the disk.

    :raises ConfigError: naming the key.
    """
    try:
        flow.make_base(config.con_file_path)
    except flow.FlowError as problem:
        raise ConfigError(_at("ConFilePath", reason_of(problem)), ("ConFilePath",)) from None
    if config.journal is not None and config.serves_td:
        trouble = journal_trouble(config.journal.path)
        if trouble:
            raise ConfigError(_at("Journal.Path", trouble), ("Journal", "Path"))
    if config.audit_log is not None:
        trouble = audit_trouble(config.audit_log.path)
        if trouble:
            raise ConfigError(_at("AuditLog.Path", trouble), ("AuditLog", "Path"))
    if config.bar_store is not None and config.serves_md:
        trouble = bar_store_trouble(config.bar_store.path)
        if trouble:
            raise ConfigError(_at("BarStore.Path", trouble), ("BarStore", "Path"))
    if config.record is not None and config.serves_md:
        trouble = record_trouble(config.record.path)
        if trouble:
            raise ConfigError(_at("Record.Path", trouble), ("Record", "Path"))


def _does_not_fit(key: str, problem: CodecError) -> Text:
    return english("{key}: CTP {problem}", key=key, problem=problem.reason)


def _at(key: str, trouble: Text) -> Text:
    return english("{where}: {problem}", where=key, problem=trouble)


def journal_trouble(name: str) -> Text:
    """Return what is wrong with the journal's place; empty for one that can be written."""
    path = Path(name).absolute()
    if path.is_dir():
        return english("{path} is a directory; name a file", path=path)
    if path.exists():
        return _file_trouble(path)
    above = next(folder for folder in path.parents if folder.exists())
    if not above.is_dir():
        return english("{path} is no directory; name another file", path=above)
    return _access_trouble((above,))


def audit_trouble(name: str) -> Text:
    """Return what is wrong with the audit log's place; empty for one that can be written."""
    path = Path(name).absolute()
    if path.is_dir():
        return english("{path} is a directory; name a file", path=path)
    if path.exists():
        return _access_trouble((path, path.parent))
    return record_trouble(str(path.parent))


def bar_store_trouble(name: str) -> Text:
    """Return what is wrong with the bar store's place; empty for one that can be written."""
    path = Path(name).absolute()
    trouble = audit_trouble(name)
    if trouble or not path.exists() or path.stat().st_size == 0:
        return trouble
    try:
        BarFile(path).close()
    except BarStoreError as problem:
        return reason_of(problem)
    return NOTHING


def record_trouble(name: str) -> Text:
    """Return what is wrong with the directory of recordings; empty for one that can be written."""
    path = Path(name).absolute()
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not nearest.is_dir():
        return english("{path} is no directory; name another one", path=nearest)
    return _access_trouble((nearest,))


def _file_trouble(path: Path) -> Text:
    trouble = _access_trouble((path, path.parent))
    if trouble or path.stat().st_size == 0:
        return trouble
    try:
        Reader(path).close()
    except JournalBroken as problem:
        return english("{problem}; name another file", problem=problem)
    return NOTHING


def _access_trouble(paths: Iterable[Path]) -> Text:
    for path in paths:
        if not os.access(path, os.W_OK):
            return english(
                "{path} cannot be written by user {user}; name another place",
                path=path,
                user=os.geteuid(),
            )
        if path.is_dir():
            try:
                # What the access bits allow, the file system may not: /proc, a full disk.
                tempfile.TemporaryFile(dir=path).close()
            except OSError as problem:
                return english(
                    "{path} cannot be written ({reason}); name another place",
                    path=path,
                    reason=problem.strerror,
                )
    return NOTHING
