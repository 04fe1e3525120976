"""The keys of the process: its log, its memory, its simulated front."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.file import Section
from webctp.config.kinds import (
    FLAG,
    LOG_LEVEL,
    LOG_LEVELS_OF_ROOMS,
    MAPPING,
    LogLevel,
    choice,
    seconds,
    whole,
)
from webctp.config.sections import (
    row,
)


@dataclass(frozen=True, kw_only=True)
class ProcessSettings:
    """The keys of the process: its log, its memory, its simulated front."""

    title: ClassVar[str] = "The process 进程"

    log_level: LogLevel = field(
        default="INFO",
        metadata=row(
            "LogLevel", LOG_LEVEL, "The least severe events logged.", "日志级别。", reload=True
        ),
    )
    log_levels: Mapping[str, LogLevel] = field(
        default_factory=dict[str, LogLevel],
        metadata=row(
            "LogLevels",
            LOG_LEVELS_OF_ROOMS,
            "Levels of single rooms of the gateway, and of other libraries; they win over "
            "LogLevel. docs/architecture.md lists the rooms.",
            "网关中单个模块（及其他库）的日志级别，优先于 LogLevel；模块见 docs/architecture.md。",
            "{webctp.upstream: DEBUG}",
            reload=True,
        ),
    )
    log_format: str = field(
        default="text",
        metadata=row(
            "LogFormat",
            choice("text", "json"),
            "Lines for people, or a JSON object on each line.",
            "日志格式：供人阅读的文本，或每行一个 JSON 对象。",
            reload=True,
        ),
    )
    drain_seconds: float = field(
        default=5.0,
        metadata=row(
            "DrainSeconds",
            seconds(3600, zero=True),
            "How long the gateway serves on once it is to end: clients are told by RtnShutdown, no "
            "login is taken, orders go on, then clients are closed one after the other. It ends "
            "before when no client is left; 0 closes them at once, and so does a second SIGTERM.",
            "收到结束的要求后继续服务的秒数：以 RtnShutdown 告知客户端，不再接受登录，报单照常，"
            "随后陆续关闭客户端。已无客户端时提前结束；0 为立即关闭，再次发送 SIGTERM 亦然。",
            reload=True,
        ),
    )
    core_dumps: bool = field(
        default=False,
        metadata=row(
            "CoreDumps",
            FLAG,
            "Whether the memory of the gateway, with the AuthCode and passwords in it, may be "
            "written to a core file or read by a debugger of the same user.",
            "是否允许将网关内存（含授权码与口令）写入 core 文件，或被同一用户的调试器读取。",
        ),
    )
    log_file_bytes: int = field(
        default=10 * 1024 * 1024,
        metadata=row(
            "LogFileBytes",
            whole(0, 2**40),
            "How long a log file may grow before another is begun; 0 leaves that to logrotate.",
            "日志文件达到多少字节即另起一个；0 表示交由 logrotate 处理。",
        ),
    )
    log_file_count: int = field(
        default=10,
        metadata=row(
            "LogFileCount",
            whole(1, 10_000),
            "How many log files that are full are kept, as .1 (the newest), .2 and so on.",
            "保留多少个写满的日志文件，依次为 .1（最新）、.2……",
        ),
    )
    sim: Section = field(
        default=Section({}, {}),
        metadata=row(
            "Sim",
            MAPPING,
            "Settings of the simulated front behind sim:// addresses.",
            "sim:// 模拟前置的设置。",
        ),
    )
