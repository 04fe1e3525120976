"""`make run`: say where the gateway of a configuration will be, and one line to try it with.

    python tools/welcome.py CONFIG [PORT]

A port that is taken is told instead, with the exit code 1, and a journal that another gateway
keeps with 78.
"""

import errno
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from webctp.config import Config, ConfigError, language_of, load
from webctp.language.text import reason_of
from webctp.start import try_port
from webctp.upstream.journal.place import keeper


def main(arguments: Sequence[str]) -> int:
    """Say it; return the exit code, as the gateway itself would end with."""
    path, port = arguments[0], arguments[1] if len(arguments) > 1 else None
    try:
        config = load(path, port=port)
    except ConfigError as problem:
        print(f"webctp: {reason_of(problem).in_language(language_of(path))}", file=sys.stderr)
        return 78
    running = other_gateway(config)
    if running:
        print(f"webctp: {running}", file=sys.stderr)
        return 78
    trouble = "" if config.listen else taken(config)
    if trouble:
        print(f"webctp: {trouble}", file=sys.stderr)
        return 1
    print("webctp is starting; Ctrl-C ends it  正在启动，Ctrl-C 结束")
    if config.listen:
        print(f"  it listens on  监听  {', '.join(config.listen)}")
        return 0
    host = "127.0.0.1" if config.host == "0.0.0.0" else config.host
    host = f"[{host}]" if ":" in host else host
    base = f"{'wss' if config.tls else 'ws'}://{host}:{config.port}"
    print(f"  the console  网页  http{base.removeprefix('ws')}/")
    if config.serves_td:
        print(f"  trading      交易  {base}/td/")
    if config.serves_md:
        print(f"  market data  行情  {base}/md/")
    if config.serves_td and config.serves_md:
        print("Try it from another shell  在另一个终端中试用:")
        print(f"  .venv/bin/python etc/hello.py {base}")
    return 0


def other_gateway(config: Config) -> str:
    """Say that a gateway runs already with this journal; another port would be no remedy.

    Other troubles are the gateway's to tell.
    """
    if config.journal is None or not config.serves_td:
        return ""
    with suppress(OSError):
        running = keeper(Path(config.journal.path))
        if running is not None:
            return (
                f"a gateway with the journal {config.journal.path} runs already (process "
                f"{running}); end it first, or take a configuration with another Journal.Path "
                "已有网关使用同一日志文件，请先结束它，或改用另一配置: make run CONFIG=FILE"
            )
    return ""


def taken(config: Config) -> str:
    """Say that another program has the port, with the remedy; nothing where it is free.

    Other troubles are the gateway's to tell.
    """
    problem = try_port(config)
    if problem is None or getattr(problem.socketError, "errno", None) != errno.EADDRINUSE:
        return ""
    return (
        f"{config.host}:{config.port} is taken by another program; "
        f"take another port  端口已被占用，请换一个: make run PORT={config.port + 1}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
