"""`python -m webctp doctor`: checks everything the gateway stands on, and says what to do.

Each check is a row of a table: a function that returns what it found, or raises :class:`Trouble`
with the remedy. Its line is begun before it runs and ended when it is done, so that a check that
takes long, or a library that ends the process, can be seen by its name.
"""

import argparse
import contextlib
import ctypes
import errno
import os
import platform
import socket
import ssl
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import Final

from twisted.internet.endpoints import serverFromString

from webctp import __version__, fronts, preflight
from webctp.config import Config, ConfigError, Tls, load, located
from webctp.ctp import binding, locale, selftest
from webctp.ctp.addresses import host_and_port, is_native
from webctp.ctp.catalog import Catalogue, Shape
from webctp.ctp.codec import codec_for
from webctp.ctp.front import NativeFront
from webctp.ctp.runtime import DEFAULT, BindingError
from webctp.ctp.runtime import PACKAGES as BINDINGS
from webctp.gateway.http.tls import TlsError, Validity, server_context, validity
from webctp.start import cannot_listen, exposures, try_port
from webctp.upstream.journal.place import keeper
from webctp.upstream.journal.store import Reader
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.session import descriptors, flow
from webctp.upstream.session.greeting import NotGreeted, greet

PACKAGES: Final = (
    "openctp-ctp",
    "twisted",
    "autobahn",
    "msgspec",
    "pyOpenSSL",
    "service-identity",
    "PyYAML",
)
PYTHON: Final = (3, 11)
CONNECT_TIMEOUT: Final = 3.0

_LABEL_WIDTH = 30


class Trouble(Exception):
    """A check failed: what was found, and the remedy in English and Chinese."""

    def __init__(self, found: str, en: str, zh: str) -> None:
        super().__init__(found)
        self.en = en
        self.zh = zh


@dataclass(frozen=True)
class Check:
    """A row of the table. ``find`` returns what is well; ``needs`` names what must be well first.

    ``en`` names the row, and must be unlike all others.
    """

    en: str
    zh: str
    find: Callable[[], str]
    needs: str = ""


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
    options = parser.parse_args(argv)
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal that has no Chinese shall see question marks, not a traceback.
        sys.stdout.reconfigure(errors="replace")
    print(f"webctp {__version__} · doctor 自检\n")
    failed, left_out = examine(checks(options.config, options.app_type, options.user))
    print()
    if not failed:
        print("all is well · 一切正常")
        return 0
    print(f"{failed} failed, {left_out} not checked · {failed} 项失败，{left_out} 项未检查")
    return 1


def examine(table: Iterator[Check]) -> tuple[int, int]:
    """Run the checks, a line for each; return how many failed and how many were left out."""
    bad: set[str] = set()
    failed = 0
    for check in table:
        label = f"{check.en} {check.zh}"
        print(f"  {label}{' ' * (_LABEL_WIDTH - width(label))}", end="  ", flush=True)
        if check.needs in bad:
            bad.add(check.en)
            print(f"-       needs {check.needs} · 依赖上项", flush=True)
            continue
        try:
            found = check.find()
        except Trouble as trouble:
            bad.add(check.en)
            failed += 1
            print(
                f"FAILED  {trouble}\n{' ' * 12}→ {trouble.en}\n{' ' * 12}→ {trouble.zh}", flush=True
            )
        else:
            print(f"ok      {found}", flush=True)
    return failed, len(bad) - failed


def width(text: str) -> int:
    """How many columns a terminal gives to ``text``: two to a Chinese character."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def checks(
    path: str | None, app_type: str | None = None, user: str | None = None
) -> Iterator[Check]:
    """The table; the rows of a configuration that can be read follow its own."""
    yield Check("Python", "解释器", python)
    yield Check("packages", "依赖包", packages)
    yield Check("C library", "C 运行库", c_library)
    yield Check("descriptors", "文件描述符", file_descriptors)
    yield Check("locale", "区域设置", chinese_locale)
    package = _binding_of(path)
    yield Check("CTP library", "CTP 库", partial(ctp_library, package), needs="locale")
    for name, zh, made in (
        ("td", "交易", lambda: binding.load(package).trading),
        ("md", "行情", lambda: binding.load(package).market),
    ):
        row = f"catalogue {name}"
        yield Check(row, f"{zh}接口目录", partial(catalogue_of, made), needs="CTP library")
        yield Check(f"layouts {name}", f"{zh}结构布局", partial(layouts_of, made), needs=row)
    if path is not None:
        yield from configured(path, app_type, user)


def _binding_of(path: str | None) -> str:
    """Which binding a configuration names; the default where none can be read: that row tells."""
    if path is None:
        return DEFAULT
    try:
        return load(path).binding
    except ConfigError:
        return DEFAULT


def configured(path: str, app_type: str | None = None, user: str | None = None) -> Iterator[Check]:
    """The rows of a configuration file."""
    read: list[Config] = []
    yield Check("configuration", "配置", partial(configuration, path, app_type, read.append))
    for config in read:
        yield Check("permissions", "文件权限", partial(permissions, path, config))
        yield Check("values", "取值", partial(values, path, config), needs="CTP library")
        yield Check("flow directory", "流文件目录", partial(flow_directory, config.con_file_path))
        if config.journal is not None and config.serves_td:
            yield Check("journal", "报单日志", partial(journal, config.journal.path))
        if config.record is not None and config.serves_md:
            yield Check("recordings", "录制", partial(recordings, config.record.path))
        served = []
        if config.serves_td:
            served.append(("front td", "交易前置", config.td_front_address))
        if config.serves_md:
            served.append(("front md", "行情前置", config.md_front_address))
        for name, zh, addresses in served:
            for number, address in enumerate(addresses, 1):
                row = name if len(addresses) == 1 else f"{name} {number}"
                yield Check(row, zh, partial(front, path, config, address))
                if is_native(address):
                    hello = row.replace("front", "CTP")
                    yield Check(hello, "CTP 握手", partial(greeting, config, address, user), row)
        if not config.listen:
            yield Check("port", "端口", partial(port, config))
        if config.tls is not None:
            yield Check("TLS", "证书", partial(tls, config.tls))
        for number, description in enumerate(config.listen, 1):
            yield Check(f"listen {number}", "监听", partial(endpoint, description))


def python() -> str:
    """The interpreter."""
    found = f"{platform.python_version()} ({platform.machine()})"
    if sys.version_info < PYTHON:
        wanted = ".".join(map(str, PYTHON))
        raise Trouble(found, f"use Python {wanted} or newer", f"请使用 Python {wanted} 或更高版本")
    return found


def packages() -> str:
    """The packages that webctp is built on."""
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        command = f"python -m pip install {' '.join(missing)}"
        raise Trouble(f"missing: {', '.join(missing)}", command, f"请安装：{command}")
    return ", ".join(found)


def c_library() -> str:
    """The C library, which must be glibc: the CTP library is built for no other."""
    tell = getattr(ctypes.CDLL(None), "gnu_get_libc_version", None)
    if tell is None:
        raise Trouble(
            "not glibc",
            "the CTP library runs on glibc only: use Debian, Ubuntu, Fedora, RHEL, not Alpine",
            "CTP 库只支持 glibc：请使用 Debian、Ubuntu、Fedora、RHEL 等，而非 Alpine",
        )
    tell.restype = ctypes.c_char_p
    return f"glibc {tell().decode()}"


def file_descriptors() -> str:
    """The limit of open files: clients must have room above the CTP library's."""
    room = descriptors.prepare()
    if room.is_small:
        raise Trouble(
            f"at most {room.limit}, shared by CTP and some {room.clients} clients",
            "raise the hard limit to 8192 or more: LimitNOFILE in systemd, ulimit -Hn",
            "请将硬限制提高到 8192 以上：systemd 的 LimitNOFILE，或 ulimit -Hn",
        )
    return f"{room.limit}, room for {room.clients} clients"


def chinese_locale() -> str:
    """The locale without which the CTP library ends the process."""
    begun = perf_counter()
    try:
        origin = locale.ensure()
    except locale.LocaleError as problem:
        raise Trouble(
            str(problem),
            "the message above says what to install",
            "请安装 localedef（Debian：libc-bin；RHEL：glibc-common）或 zh_CN.GB18030",
        ) from problem
    return f"{locale.NAME} from {origin}, {_milliseconds(begun)}"


def ctp_library(package: str) -> str:
    """The binding and the libraries in it."""
    begun = perf_counter()
    try:
        loaded = binding.load(package)
    except BindingError as problem:
        name = BINDINGS[package].distribution
        raise Trouble(
            str(problem),
            f"install {name} anew; its wheels are for Linux on x86-64",
            f"请重新安装 {name}（仅支持 Linux x86-64）",
        ) from problem
    taken = _milliseconds(begun)
    libraries = (("td", loaded.td_library), ("md", loaded.md_library))
    told = (f"{name} {library.version} from {library.path}" for name, library in libraries)
    return f"{loaded}, {', '.join(told)}, {taken}"


def catalogue_of(made: Callable[[], Catalogue]) -> str:
    """What a module offers; every request must have its answer."""
    begun = perf_counter()
    catalogue = made()
    enumerations = len(catalogue.enumerations)
    taken = _milliseconds(begun)
    answered = (Shape.REQUEST, Shape.SUBSCRIPTION)
    requests = [method for method in catalogue.methods.values() if method.shape in answered]
    lost = [method.name for method in requests if method.response is None]
    if lost or not requests:
        raise Trouble(
            f"no answer is known for {', '.join(lost) or 'any request'}",
            "this build of openctp-ctp is unlike all known ones: use another version",
            "此 openctp-ctp 版本与已知版本不同，请换用其他版本",
        )
    return (
        f"{len(catalogue.methods)} requests, {len(catalogue.callbacks)} callbacks, "
        f"{len(catalogue.struct_names)} structs, {enumerations} enumerations, {taken}"
    )


def layouts_of(made: Callable[[], Catalogue]) -> str:
    """Where the fields of every struct lie, held against the binding's setters and getters."""
    catalogue = made()
    codec = codec_for(catalogue.module)
    begun = perf_counter()
    report = selftest.run(catalogue, codec)
    if report.faults:
        raise Trouble(
            f"{len(report.faults)} disagree: {'; '.join(report.faults[:3])}",
            "if Chinese text is at fault, install glibc's converters (RHEL: glibc-gconv-extra); "
            "else use another version of openctp-ctp",
            "若为中文问题，请安装 glibc 转换模块（RHEL：glibc-gconv-extra）；"
            "否则请换用其他版本的 openctp-ctp",
        )
    return (
        f"{report.fields} fields of {report.structs} structs agree both ways, Chinese too, "
        f"{_milliseconds(begun)}"
    )


def configuration(path: str, app_type: str | None, take: Callable[[Config], object]) -> str:
    """The configuration file; ``take`` is given what it says."""
    try:
        config = load(path, app_type)
    except ConfigError as problem:
        raise Trouble(
            str(problem),
            "correct the file; etc/td.yaml explains every key",
            "请改正配置文件；各项说明见 etc/td.yaml",
        ) from problem
    take(config)
    return f"{path}, AppType {config.app_type}"


def permissions(path: str, config: Config) -> str:
    """Who may read the files that hold secrets."""
    for found in exposures(path, config):
        what, _, remedy = found.rpartition(": ")
        raise Trouble(what, remedy, f"请执行 {remedy}")
    return "secrets are readable for their owner alone"


def values(path: str, config: Config) -> str:
    """What logins carry fits the fields that it goes into."""
    try:
        preflight.check_values(config, binding.load().trading_codec)
    except ConfigError as problem:
        raise Trouble(
            located(path, problem), "correct the value in the configuration", "请改正配置中的值"
        ) from problem
    return "BrokerID, AppID, AuthCode and UserProductInfo fit"


def flow_directory(base: str) -> str:
    """The directory of the flow files: made, locked twice over, and left as it was found."""
    missing = [path for path in (Path(base), *Path(base).parents) if not path.exists()]
    held: list[flow.FlowDirectory] = []
    try:
        held = [flow.acquire(base, "doctor", tidy=False) for _ in range(2)]
    except flow.FlowError as problem:
        raise Trouble(
            str(problem),
            "the user who runs the gateway must be able to write there",
            "运行网关的用户须对该目录有写权限",
        ) from problem
    finally:
        for directory in held:
            directory.release()
        _remove_flow([Path(directory.path) for directory in held], missing)
    if held[0].path == held[1].path:
        raise Trouble(
            f"{base}: locks do not hold there",
            "set ConFilePath to a local disk",
            "请将 ConFilePath 设为本地磁盘目录",
        )
    return f"{base}, written and locked as user {os.geteuid()}"


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
    """The journal's file: a journal of this version's, or a place where one can be made."""
    file = Path(path)
    en = "correct Journal.Path, or put the file right; ClientOrderIDs are in it, do not delete it"
    zh = "请改正 Journal.Path 或修复该文件；其中有 ClientOrderID，切勿删除"
    try:
        holder = keeper(file)
        if file.exists():
            Reader(file).close()
            found = f"{path}, {file.stat().st_size / 2**20:.1f} MiB"
        else:
            found = f"{path}, to be made"
    except (JournalBroken, OSError) as problem:
        raise Trouble(str(problem), en, zh) from problem
    trouble = preflight.journal_trouble(path)
    if trouble:
        raise Trouble(trouble, en, zh)
    return found if holder is None else f"{found}, kept by process {holder} now"


def recordings(path: str) -> str:
    """The directory of recordings: there, or a place where it can be made."""
    trouble = preflight.record_trouble(path)
    if trouble:
        raise Trouble(trouble, "correct Record.Path", "请改正 Record.Path")
    return path


def front(path: str, config: Config, address: str) -> str:
    """A front: whether anything answers where it should be, or could be simulated."""
    if not is_native(address):
        key = "TdFrontAddress" if address in config.td_front_address else "MdFrontAddress"
        try:
            fronts.check(key, address, config)
        except ConfigError as problem:
            raise Trouble(
                located(path, problem),
                "correct the address, or what stands below Sim",
                "请改正地址或 Sim 下的配置",
            ) from problem
        return f"{address} is simulated · 模拟前置"
    begun = perf_counter()
    try:
        socket.create_connection(host_and_port(address), timeout=CONNECT_TIMEOUT).close()
    except OSError as problem:
        raise Trouble(
            f"{address}: {problem}",
            "check the address and the firewall; fronts close at night and at weekends",
            "请检查地址与防火墙；前置在夜间与周末关闭",
        ) from problem
    return f"{address} accepts connections, {_milliseconds(begun)}"


def port(config: Config) -> str:
    """Where the gateway is to listen: free, or held by a gateway that runs."""
    where = f"{config.host}:{config.port}"
    problem = try_port(config)
    if problem is None:
        return f"{where} is free"
    if getattr(problem.socketError, "errno", None) == errno.EADDRINUSE and _serves(config):
        return f"{where} is held by a gateway that runs · 网关正在运行"
    raise Trouble(
        cannot_listen(problem), "correct Host or Port, or give --port", "请改正 Host 或 Port"
    )


def _serves(config: Config) -> bool:
    """Whether a gateway answers there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    if config.tls is None:
        connection = HTTPConnection(host, config.port, timeout=CONNECT_TIMEOUT)
    else:
        unverified = ssl._create_unverified_context()  # nothing is told that is secret
        connection = HTTPSConnection(host, config.port, timeout=CONNECT_TIMEOUT, context=unverified)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.getheader("Server") == "webctp" and answer.read(8) == b"ok\n"
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def greeting(config: Config, address: str, user: str | None = None) -> str:
    """A front: whether CTP answers there, and takes the authentication of a ``user``."""
    begun = perf_counter()
    trading = address in config.td_front_address
    authentication = None
    if user is not None and trading:
        authentication = {
            "BrokerID": config.broker_id,
            "UserID": user,
            "UserProductInfo": config.user_product_info,
            "AppID": config.app_id,
            "AuthCode": config.auth_code.reveal(),
        }
    loaded = binding.load(config.binding)
    catalogue = loaded.trading if trading else loaded.market
    mode = config.production_mode
    try:
        greet(
            NativeFront(loaded),
            catalogue,
            address,
            production_mode=mode,
            authentication=authentication,
        )
    except NotGreeted as problem:
        raise Trouble(
            f"{address}: {problem}",
            f"check that the port is the broker's {'trading' if trading else 'market-data'} port, "
            f"ProductionMode (it is {str(mode).lower()}), AppID and AuthCode",
            f"请检查是否为期货公司的{'交易' if trading else '行情'}端口、ProductionMode"
            f"（现为 {str(mode).lower()}）、AppID 与 AuthCode",
        ) from problem
    done = "OnFrontConnected" if authentication is None else f"{user} is authenticated"
    return f"{address}: {done}, {_milliseconds(begun)}"


def tls(files: Tls) -> str:
    """The certificate and its key: usable, and for some time yet."""
    try:
        context = server_context(files.cert_file, files.key_file, files.chain_file)
    except TlsError as problem:
        raise Trouble(
            str(problem), "correct the files named below TLS", "请改正 TLS 下的文件"
        ) from problem
    return f"{files.cert_file}, {valid(validity(context), datetime.now(UTC))}"


def endpoint(description: str) -> str:
    """A Twisted endpoint of ``Listen``, made but not listened on."""
    from twisted.internet import reactor

    kind = description.partition(":")[0]
    try:
        made = serverFromString(reactor, description)
    except Exception as problem:  # each kind of endpoint has errors of its own
        raise Trouble(
            f"{description}: {problem}", "correct the endpoint in Listen", "请改正 Listen"
        ) from problem
    # Twisted keeps what it has read from the files to itself.
    context = getattr(made, "_sslContextFactory", None)
    if context is None:
        return description
    return f"{kind}, {valid(validity(context), datetime.now(UTC))}"


def valid(dates: Validity, now: datetime) -> str:
    """Until when certificates are valid; they must be, and for some time yet."""
    trouble = dates.trouble(now)
    if now < dates.begins:
        raise Trouble(
            trouble,
            "set the machine's clock, or take the right certificate",
            "请校准系统时间或更换证书",
        )
    if trouble or dates.expires_soon(now):
        raise Trouble(
            trouble or f"expires soon: {dates.ends:%Y-%m-%d %H:%M} UTC",
            "renew the certificate and send the gateway SIGHUP",
            "请更新证书，并向网关发送 SIGHUP",
        )
    return f"valid until {dates.ends:%Y-%m-%d}"


def _milliseconds(begun: float) -> str:
    return f"{(perf_counter() - begun) * 1000:.0f} ms"
