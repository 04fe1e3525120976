"""`python -m webctp doctor`: checks everything the gateway stands on, and says what to do.

Each check is a row of a table: a function that returns what it found, or raises ``Trouble`` with
the remedy. Its line is begun before it runs and ended when it is done, so that a check that
takes long, or a library that ends the process, can be seen by its name.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from functools import partial
from typing import TextIO

from webctp import __version__
from webctp.commands.doctor import bundle, files, installation, network
from webctp.commands.doctor.check import Check, examine
from webctp.config import Config, ConfigError, language_of, load
from webctp.ctp import binding
from webctp.ctp.addresses import is_native
from webctp.ctp.runtime import DEFAULT
from webctp.language.environment import spoken
from webctp.language.text import Language, english


def main(argv: Sequence[str]) -> int:
    """Check everything, print it, and return 0 when all is well, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m webctp doctor",
        description="Check the installation, the CTP library and a configuration. "
        "检查安装、CTP 库与配置。",
    )
    parser.add_argument("-c", "--config", help="the configuration file. 配置文件。")
    parser.add_argument("-t", "--app-type", help="td, md or both; wins over AppType. 服务类型。")
    parser.add_argument(
        "-u",
        "--user",
        help="authenticate this user with AppID and AuthCode. 以 AppID、AuthCode 认证该用户。",
    )
    parser.add_argument(
        "-b",
        "--bundle",
        nargs="?",
        const="",
        metavar="FILE",
        help="pack all of it, with states, metrics and the last lines of the log, for whoever "
        "helps; no secrets. 打包自检结果、状态、指标与日志末尾，供支持人员查看；不含密钥。",
    )
    options = parser.parse_args(argv)
    beside = options.app_type or options.user or options.bundle is not None
    if options.config is None and beside:
        parser.error("--app-type, --user and --bundle need --config（须与 --config 同用）")
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal that has no Chinese shall see question marks, not a traceback.
        sys.stdout.reconfigure(errors="replace")
    language = spoken() if options.config is None else language_of(options.config)
    report = _Report(sys.stdout)
    with redirect_stdout(report):
        print(f"webctp {__version__} · doctor 自检\n")
        table = checks(options.config, options.app_type, options.user)
        failed, left_out = examine(table, language)
        print()
        if failed:
            print(f"{failed} failed, {left_out} not checked · {failed} 项失败，{left_out} 项未检查")
        else:
            print("all is well · 一切正常")
    if options.bundle is not None and not _bundle(options, report.getvalue(), language):
        return 1
    return 1 if failed else 0


class _Report(io.StringIO):
    """Keeps what is printed, and prints it."""

    def __init__(self, beside: TextIO) -> None:
        super().__init__()
        self._beside = beside

    def write(self, text: str) -> int:
        """Take some text."""
        self._beside.write(text)
        return super().write(text)

    def flush(self) -> None:
        """Let it be seen."""
        self._beside.flush()


def _bundle(options: argparse.Namespace, report: str, language: Language) -> bool:
    """Write a bundle and say what is in it; gives whether that could be done."""
    path = options.bundle or bundle.default_name()
    try:
        names = bundle.written(path, options.config, options.app_type, report)
    except OSError as problem:
        told = english(
            "{path}: {problem}; name a file that there is not yet: --bundle FILE",
            path=path,
            problem=problem.strerror or problem,
        )
        print(f"webctp doctor: {told.in_language(language)}", file=sys.stderr)
        return False
    told = english(
        "{path} holds {names}; secrets are left out, accounts and addresses masked: look it "
        "through before you pass it on",
        path=path,
        names=", ".join(names),
    )
    print(told.in_language(language))
    return True


def checks(
    path: str | None, app_type: str | None = None, user: str | None = None
) -> Iterator[Check]:
    """Yield the table; the rows of a configuration that can be read follow its own."""
    yield Check("Python", "解释器", installation.python)
    yield Check("packages", "依赖包", installation.packages)
    yield Check("C library", "C 运行库", installation.c_library)
    yield Check("descriptors", "文件描述符", installation.file_descriptors)
    yield Check("locale", "区域设置", installation.chinese_locale)
    package = _binding_of(path, app_type)
    yield Check("CTP library", "CTP 库", partial(installation.ctp_library, package), needs="locale")
    for name, zh, made in (
        ("td", "交易", lambda: binding.load(package).trading),
        ("md", "行情", lambda: binding.load(package).market),
    ):
        row = f"catalogue {name}"
        yield Check(
            row, f"{zh}接口目录", partial(installation.catalogue_of, made), needs="CTP library"
        )
        yield Check(
            f"layouts {name}", f"{zh}结构布局", partial(installation.layouts_of, made), needs=row
        )
    if path is not None:
        yield from configured(path, app_type, user)


def _binding_of(path: str | None, app_type: str | None) -> str:
    """Return the binding that a configuration names.

    The default where none can be read: the row of the configuration says what is wrong.
    """
    if path is None:
        return DEFAULT
    try:
        return load(path, app_type).binding
    except ConfigError:
        return DEFAULT


def configured(path: str, app_type: str | None = None, user: str | None = None) -> Iterator[Check]:
    """Yield the rows of a configuration file."""
    read: list[Config] = []
    yield Check("configuration", "配置", partial(files.configuration, path, app_type, read.append))
    for config in read:
        yield Check("permissions", "文件权限", partial(files.permissions, path, config))
        yield Check("access", "访问", partial(files.access, config))
        yield Check("values", "取值", partial(files.values, path, config), needs="CTP library")
        yield Check(
            "flow directory", "流文件目录", partial(files.flow_directory, config.con_file_path)
        )
        if config.journal is not None and config.serves_td:
            yield Check("journal", "报单日志", partial(files.journal, config.journal.path))
        if config.audit_log is not None:
            yield Check("audit log", "审计日志", partial(files.audit_log, config.audit_log.path))
        if config.record is not None and config.serves_md:
            yield Check("recordings", "录制", partial(files.recordings, config.record.path))
        served = []
        if config.serves_td:
            served.append(("front td", "交易前置", config.td_front_address))
        if config.serves_md:
            served.append(("front md", "行情前置", config.md_front_address))
        for name, zh, addresses in served:
            for number, address in enumerate(addresses, 1):
                row = name if len(addresses) == 1 else f"{name} {number}"
                yield Check(row, zh, partial(network.front, path, config, address))
                if is_native(address):
                    hello = row.replace("front", "CTP")
                    yield Check(
                        hello, "CTP 握手", partial(network.greeting, config, address, user), row
                    )
        if not config.listen:
            yield Check("port", "端口", partial(network.port, config))
        if config.tls is not None:
            yield Check("TLS", "证书", partial(network.tls, config.tls))
        for number, description in enumerate(config.listen, 1):
            yield Check(f"listen {number}", "监听", partial(network.endpoint, description))
