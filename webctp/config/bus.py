"""The keys of the bus: ticks that travel over Redis, from CTP nodes to edges."""

from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.kinds import FILE, FLAG, SECRET, TEXT, Kind, matching, section_of, whole
from webctp.config.sections import row
from webctp.secret import Secret

_NAME = Kind("letters, digits, - and _", "字母、数字、- 与 _", matching(r"[A-Za-z0-9_-]{1,32}"))


@dataclass(frozen=True, kw_only=True)
class BusConfig:
    """The keys below `Bus`."""

    url: str = field(
        default="",
        metadata=row(
            "Url",
            TEXT,
            "The Redis to publish to: redis://HOST:PORT/DATABASE, rediss:// over TLS, "
            "redis+unix:///PATH or redis+sentinel://HOST:PORT,HOST:PORT/SERVICE. An edge names "
            "it in MdFrontAddress instead.",
            "发布到的 Redis：redis://主机:端口/库号、rediss://（TLS）、redis+unix:///路径 或 "
            "redis+sentinel://主机:端口,主机:端口/服务名。边缘节点改在 MdFrontAddress 中指定。",
            "redis://127.0.0.1:6379/0",
        ),
    )
    publish: bool = field(
        default=False,
        metadata=row(
            "Publish",
            FLAG,
            "Whether what market data brings is published there, and what edges want is "
            "subscribed.",
            "是否将收到的行情发布到该处，并按边缘节点的需要订阅。",
        ),
    )
    name: str = field(
        default="1",
        metadata=row(
            "Name",
            _NAME,
            "The name that this publisher publishes under; no other may have it. Edges follow "
            "redis://…?name=NAME, or 1 where they name none.",
            "本发布方的名称，不得重复。边缘节点以 redis://…?name=名称 指定，未指定时为 1。",
        ),
    )
    partitions: int = field(
        default=1,
        metadata=row(
            "Partitions",
            whole(1, 256),
            "Into how many channels instruments are divided; ticks that leave together are a "
            "message on each. Edges read the channels of what their clients want, and no others; "
            "more of them cost the node.",
            "合约分到多少个频道；一并离开的行情在每个频道上为一条消息。"
            "边缘节点只读取其客户端所需合约的频道；频道越多，节点开销越大。",
        ),
    )
    prefix: str = field(
        default="webctp",
        metadata=row(
            "Prefix",
            _NAME,
            "What the names of all keys and channels begin with; alike at publishers and edges.",
            "全部键与频道名称的开头；发布方与边缘节点须一致。",
        ),
    )
    user: str = field(
        default="",
        metadata=row(
            "User",
            TEXT,
            "The ACL user at Redis; left out, the default one.",
            "Redis 的 ACL 用户；省略时为默认用户。",
            "webctp",
        ),
    )
    ca_file: str | None = field(
        default=None,
        metadata=row(
            "CaFile",
            FILE,
            "With rediss://: the authority whose certificate Redis shows; left out, those that "
            "the system trusts.",
            "rediss:// 时：Redis 证书的签发机构；省略时为系统信任的机构。",
            "/etc/webctp-tls/redis-ca.pem",
        ),
    )


BUS = Kind("keys of its own, below it", "下一级的键", section_of, section=BusConfig)


@dataclass(frozen=True, kw_only=True)
class BusSettings:
    """The keys of the bus."""

    title: ClassVar[str] = "Many machines 多机"

    bus: BusConfig | None = field(
        default=None,
        metadata=row(
            "Bus",
            BUS,
            "Takes ticks to other machines over Redis; see many-machines.md.",
            "经 Redis 将行情送往其他机器；见 many-machines.md。",
        ),
    )
    bus_password: Secret = field(
        default=Secret(),
        metadata=row(
            "BusPassword",
            SECRET,
            "The password of Redis, at publishers and edges.",
            "Redis 的口令，用于发布方与边缘节点。",
        ),
    )
