"""The keys below a key of the configuration, and what a row of a table of keys is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webctp.config.kinds import (
    FILE,
    FLAG,
    FOLDER,
    INSTRUMENTS,
    PERIODS,
    TEXT,
    TOKEN_FILE,
    Kind,
    choice,
    section_of,
    whole,
)


@dataclass(frozen=True)
class Key:
    """One row of the table of keys; `default` is dataclasses.MISSING for a key that must stand.

    :ivar example: a value for the files in ``etc/``, where the default says nothing.
    :ivar reload: whether a daemon that runs takes another value over, at SIGHUP.
    """

    name: str
    attribute: str
    kind: Kind
    default: Any
    en: str
    zh: str
    example: str = ""
    reload: bool = False


def row(
    name: str, kind: Kind, en: str, zh: str, example: str = "", *, reload: bool = False
) -> Mapping[str, Any]:
    """Return the metadata that makes a dataclass field a key of the file."""
    return {
        "name": name,
        "kind": kind,
        "en": en,
        "zh": zh,
        "example": example,
        "reload": reload,
    }


@dataclass(frozen=True, kw_only=True)
class Tls:
    """The keys below `TLS`: PEM files, as absolute paths, that could be read at the start."""

    cert_file: str = field(
        metadata=row(
            "CertFile",
            FILE,
            "The server's certificate.",
            "服务器证书。",
            "/etc/webctp-tls/fullchain.pem",
            reload=True,
        )
    )
    key_file: str = field(
        metadata=row(
            "KeyFile",
            FILE,
            "Its private key, not encrypted.",
            "对应的私钥，未加密。",
            "/etc/webctp-tls/privkey.pem",
            reload=True,
        )
    )
    chain_file: str | None = field(
        default=None,
        metadata=row(
            "ChainFile",
            FILE,
            "The certificates between the server's and the root, when CertFile does not hold them.",
            "中间证书；CertFile 已包含时不必填。",
            "/etc/webctp-tls/chain.pem",
            reload=True,
        ),
    )
    client_ca_file: str | None = field(
        default=None,
        metadata=row(
            "ClientCAFile",
            FILE,
            "The authorities whose certificates clients may show. The common name of such a "
            "certificate names the token that its client has, without another secret.",
            "客户端证书的签发机构。证书的 CN 即令牌的名称，出示证书者无须再出示令牌。",
            "/etc/webctp-tls/clients.pem",
            reload=True,
        ),
    )
    client_certificates: str = field(
        default="required",
        metadata=row(
            "ClientCertificates",
            choice("optional", "required"),
            "With ClientCAFile: whether a client without such a certificate is turned away in the "
            "handshake, or may show a token instead.",
            "设有 ClientCAFile 时，没有此类证书的客户端在握手时即被拒绝（required），"
            "或可改为出示令牌（optional）。",
            reload=True,
        ),
    )


TLS = Kind(
    "CertFile and KeyFile, below it",
    "下一级的 CertFile 与 KeyFile",
    section_of,
    section=Tls,
    filled=True,
)


@dataclass(frozen=True, kw_only=True)
class AccessConfig:
    """The keys below `Access`."""

    tokens: str = field(
        metadata=row(
            "Tokens",
            TOKEN_FILE,
            "The file of tokens, which python -m webctp token writes. It is read again when it "
            "changes, and at SIGHUP.",
            "令牌文件，由 python -m webctp token 写入；文件改变或收到 SIGHUP 时重新读取。",
            example="/var/lib/webctp/td/tokens.json",
        )
    )
    token_in_query: bool = field(
        default=False,
        metadata=row(
            "TokenInQuery",
            FLAG,
            "Whether a token is taken from the address, too (?token=…). Addresses end in the logs "
            "of proxies and in the histories of browsers.",
            "是否也接受地址中的令牌（?token=…）；地址会留在代理的日志与浏览器的历史记录中。",
        ),
    )


@dataclass(frozen=True, kw_only=True)
class AuditConfig:
    """The keys below `AuditLog`."""

    path: str = field(
        metadata=row(
            "Path",
            TEXT,
            "The file, one JSON line for each act; made, with its directory, when missing. One "
            "that is full, or of another day (UTC), is put aside as PATH.20261127-1.",
            "审计日志文件，每一行为一项 JSON；文件与目录不存在时自动建立。写满或换日（UTC）时"
            "改名为 PATH.20261127-1。",
            "./audit/td.jsonl",
        )
    )
    most_bytes: int = field(
        default=100 * 1024 * 1024,
        metadata=row(
            "Bytes",
            whole(64 * 1024, 2**40),
            "How long a file may grow before it is put aside.",
            "文件达到多少字节即改名另起。",
        ),
    )
    days: int = field(
        default=0,
        metadata=row(
            "Days",
            whole(0, 36500),
            "How many days files put aside are kept; 0 keeps them for ever.",
            "改名的文件保留的天数；0 表示永久保留。",
        ),
    )


AUDIT = Kind("Path, below it", "下一级的 Path", section_of, section=AuditConfig, filled=True)
ACCESS = Kind(
    "Tokens, below it",
    "下一级的 Tokens",
    section_of,
    section=AccessConfig,
    filled=True,
)


@dataclass(frozen=True)
class JournalConfig:
    """The keys below `Journal`."""

    path: str = field(
        metadata=row(
            "Path",
            TEXT,
            "The SQLite file; made, with its directory, when missing. A lock beside it keeps "
            "other gateways away.",
            "SQLite 文件；文件与目录不存在时自动建立。旁边的锁文件防止其他网关同时使用。",
            "./journal/td.sqlite",
        )
    )
    days: int = field(
        default=30,
        metadata=row(
            "Days",
            whole(0, 36500),
            "How many days its records are kept; 0 keeps them for ever. Of the last ten trading "
            "days that CTP has told nothing is removed, whatever the clock says.",
            "记录保留的天数；0 表示永久保留。"
            "CTP 告知的最近十个交易日的记录，无论系统时钟如何都不删除。",
        ),
    )
    on_failure: str = field(
        default="refuse",
        metadata=row(
            "OnFailure",
            choice("refuse", "continue"),
            "What becomes of new orders while the disk takes nothing, or the file is gone: they "
            "are refused, or sent all the same. What is then in no journal may be sent again "
            "after a restart.",
            "磁盘无法写入或日志文件已不在原处时新报单的处理：拒绝（refuse）或照常发送（continue）；"
            "后者未入日志的报单，重启后可能被再次发出。",
        ),
    )

    @property
    def go_on(self) -> bool:
        """Whether orders are sent although the journal cannot be written."""
        return self.on_failure == "continue"


@dataclass(frozen=True, kw_only=True)
class RecordConfig:
    """The keys below `Record`."""

    path: str = field(
        metadata=row(
            "Path",
            FOLDER,
            "The directory for TICKS-<TradingDay> files; made when missing.",
            "存放 TICKS-<交易日> 文件的目录；不存在时自动建立。",
            "./ticks",
        )
    )
    format: str = field(
        default="csv",
        metadata=row(
            "Format",
            choice("csv", "parquet"),
            "How ticks are written; parquet needs pyarrow.",
            "写入格式；parquet 需安装 pyarrow。",
        ),
    )


@dataclass(frozen=True)
class HistoryConfig:
    """The keys below `History`."""

    instruments: tuple[str, ...] = field(
        metadata=row(
            "Instruments",
            INSTRUMENTS,
            "What the gateway subscribes to by itself, for their bars; of patterns what it knows.",
            "网关自行订阅以生成 K 线的合约；通配指其已知的合约。",
            "[rb2701, IF2612]",
        )
    )
    periods: tuple[str, ...] = field(
        default=("1m",),
        metadata=row("Periods", PERIODS, "The periods of the bars kept.", "保留哪些周期的 K 线。"),
    )
    bars: int = field(
        default=500,
        metadata=row(
            "Bars",
            whole(1, 2000),
            "How many bars are kept of each instrument and period, and 200,000 in all.",
            "每个合约、每个周期保留的根数；总共至多 200,000 根。",
        ),
    )


@dataclass(frozen=True)
class BarStoreConfig:
    """The keys below `BarStore`."""

    path: str = field(
        metadata=row(
            "Path",
            TEXT,
            "The SQLite file; made, with its directory, when missing. One gateway writes to it.",
            "SQLite 文件；文件与目录不存在时自动建立。由一个网关写入。",
            "./bars/md.sqlite",
        )
    )
    days: int = field(
        default=0,
        metadata=row(
            "Days",
            whole(0, 36500),
            "How many days bars are kept; 0 keeps them for ever.",
            "K 线保留的天数；0 表示永久保留。",
        ),
    )
    instruments: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "Instruments",
            INSTRUMENTS,
            "What the gateway subscribes to by itself, beside what clients are subscribed to; of "
            "patterns what it knows.",
            "除客户端已订阅的之外，网关自行订阅以保存 K 线的合约；通配指其已知的合约。",
            "[rb????, IF????]",
        ),
    )


HISTORY = Kind(
    "Instruments, below it",
    "下一级的 Instruments",
    section_of,
    section=HistoryConfig,
    filled=True,
)
BAR_STORE = Kind("Path, below it", "下一级的 Path", section_of, section=BarStoreConfig, filled=True)
RECORD = Kind("Path, below it", "下一级的 Path", section_of, section=RecordConfig, filled=True)
JOURNAL = Kind("Path, below it", "下一级的 Path", section_of, section=JournalConfig, filled=True)
