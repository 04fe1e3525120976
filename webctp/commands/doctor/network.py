"""The rows of `doctor` about fronts, the listening port and certificates."""

import errno
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import perf_counter
from typing import Final

from twisted.internet.endpoints import _parse

from webctp import fronts
from webctp.commands.doctor.check import Trouble, milliseconds
from webctp.config import Config, ConfigError, Tls, located
from webctp.ctp import binding
from webctp.ctp.addresses import host_and_port, is_native
from webctp.ctp.front import NativeFront
from webctp.gateway.http.tls import TlsError, Validity, validity
from webctp.language.text import Text, english, joined, reason_of, verbatim
from webctp.listening import comes_from_systemd, files_of, server_certificate, server_endpoint
from webctp.start import cannot_listen, try_port
from webctp.upstream.session.greeting import NotGreeted, greet

CONNECT_TIMEOUT: Final = 3.0


def front(path: str, config: Config, address: str) -> str:
    """Check whether a front accepts connections, or could be simulated."""
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
        return english("{address} is simulated · 模拟前置", address=address)
    begun = perf_counter()
    try:
        socket.create_connection(host_and_port(address), timeout=CONNECT_TIMEOUT).close()
    except OSError as problem:
        raise Trouble(
            english("{where}: {problem}", where=address, problem=problem),
            "check the address and the firewall; fronts close at night and at weekends",
            "请检查地址与防火墙；前置在夜间与周末关闭",
        ) from problem
    return english(
        "{address} accepts connections, {taken}", address=address, taken=milliseconds(begun)
    )


def port(config: Config) -> str:
    """Check where the gateway is to listen: free, or held by a gateway that runs."""
    where = f"{config.host}:{config.port}"
    problem = try_port(config)
    if problem is None:
        return english("{where} is free", where=where)
    if getattr(problem.socketError, "errno", None) == errno.EADDRINUSE and _serves(config):
        return english("{where} is held by a gateway that runs · 网关正在运行", where=where)
    raise Trouble(
        cannot_listen(problem), "correct Host or Port, or give --port", "请改正 Host 或 Port"
    )


def connection_to(config: Config) -> HTTPConnection:
    """Return a connection, not opened yet, to the gateway at the configured port.

    With ``Listen`` that is the first that is reached by TCP.

    :raises OSError: if there is none.
    """
    host, port, is_secure = config.host, config.port, config.tls is not None
    if config.listen:
        kind, host, port = _first_of(config.listen)
        is_secure = kind == "ssl"
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    if not is_secure:
        return HTTPConnection(host, port, timeout=CONNECT_TIMEOUT)
    unverified = ssl._create_unverified_context()  # nothing is told that is secret
    return HTTPSConnection(host, port, timeout=CONNECT_TIMEOUT, context=unverified)


def _first_of(listen: Sequence[str]) -> tuple[str, str, int]:
    """Return kind, host and port of the first endpoint that is reached by TCP."""
    for one in listen:
        words, named = _parse(one)
        port = named.get("port", words[1] if len(words) > 1 else "")
        if words[0] in ("tcp", "tcp6", "ssl") and str(port).isdigit() and int(port):
            return str(words[0]), str(named.get("interface", "")), int(port)
    raise OSError(english("Listen names no TCP port that can be asked"))


def _serves(config: Config) -> bool:
    """Return whether a gateway answers at the configured port."""
    connection = connection_to(config)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.getheader("Server") == "webctp" and answer.read(8) == b"ok\n"
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def greeting(config: Config, address: str, user: str | None = None) -> str:
    """Check whether CTP answers at a front, and takes the authentication of a ``user``."""
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
            english("{where}: {problem}", where=address, problem=problem),
            f"check that the port is the broker's {'trading' if trading else 'market-data'} port, "
            f"ProductionMode (it is {str(mode).lower()}), AppID and AuthCode",
            f"请检查是否为期货公司的{'交易' if trading else '行情'}端口、ProductionMode"
            f"（现为 {str(mode).lower()}）、AppID 与 AuthCode",
        ) from problem
    done = verbatim("OnFrontConnected")
    if authentication is not None:
        done = english("{user} is authenticated", user=user)
    return joined("", (address, ": ", done, ", ", milliseconds(begun)))


def tls(files: Tls) -> str:
    """Check the certificate and its key: usable, and for some time yet."""
    try:
        context = files_of(files).context()
    except TlsError as problem:
        raise Trouble(
            reason_of(problem), "correct the files named below TLS", "请改正 TLS 下的文件"
        ) from problem
    return joined(", ", (files.cert_file, valid(validity(context), datetime.now(UTC))))


def endpoint(description: str) -> str:
    """Check a Twisted endpoint of ``Listen``, made but not listened on."""
    from twisted.internet import reactor

    kind = description.partition(":")[0]
    if comes_from_systemd(description):
        return description
    try:
        made = server_endpoint(reactor, description)
    except ConfigError as problem:
        raise Trouble(
            reason_of(problem),
            "correct the endpoint in Listen",
            "请改正 Listen",
        ) from problem
    certificate = server_certificate(made)
    if certificate is None:
        return description
    return joined(", ", (kind, valid(certificate.validity, datetime.now(UTC))))


def valid(dates: Validity, now: datetime) -> Text:
    """Return until when certificates are valid.

    :raises Trouble: if that is not so yet, no more, or not for long.
    """
    trouble = dates.trouble(now)
    if now < dates.begins:
        raise Trouble(
            trouble,
            "set the machine's clock, or take the right certificate",
            "请校准系统时间或更换证书",
        )
    if trouble or dates.expires_soon(now):
        raise Trouble(
            trouble or english("expires soon: {ends:%Y-%m-%d %H:%M} UTC", ends=dates.ends),
            "renew the certificate and send the gateway SIGHUP",
            "请更新证书，并向网关发送 SIGHUP",
        )
    return english("valid until {ends:%Y-%m-%d}", ends=dates.ends)
