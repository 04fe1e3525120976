"""`python -m webctp COMMAND`: the tools beside the daemon, each imported only when it is run."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from webctp import __version__


@dataclass(frozen=True)
class Command:
    """A tool: `main(argv) -> exit code` in `module`, and what it is for."""

    module: str
    en: str
    zh: str


COMMANDS = {
    "doctor": Command(
        "webctp.commands.doctor",
        "check the installation, the CTP library and a configuration",
        "检查安装、CTP 库与配置",
    ),
    "check": Command(
        "webctp.commands.check",
        "say what a configuration means, key by key, and all that is wrong with it",
        "逐项说明配置的含义与来源，并列出全部错误与警告",
    ),
    "docs": Command(
        "webctp.commands.docs",
        "make the parts of the documents that the code can tell",
        "由代码生成文档中的协议与配置部分",
    ),
    "sim": Command(
        "webctp.sim.main",
        "serve a simulated front as a process of its own, for sim+unix:// addresses",
        "以独立进程运行模拟前置，供 sim+unix:// 地址使用",
    ),
    "kill": Command(
        "webctp.commands.kill",
        "forbid trading at once, on disk and in a running daemon; lift it; show it",
        "立即限制交易（写入磁盘并在运行中的网关生效）、解除、查看",
    ),
    "admin": Command(
        "webctp.commands.admin",
        "show clients, sessions, limits and tokens of a running daemon, and end them",
        "查看运行中网关的客户端、会话、限制与令牌，并可断开",
    ),
    "journal": Command(
        "webctp.commands.journal",
        "list and export the orders and trades that a daemon has recorded",
        "查看、导出网关记录的报单与成交",
    ),
    "bars": Command(
        "webctp.commands.bars",
        "fill a bar store from recordings, and show what it holds",
        "由录制文件导入 K 线库，查看已有的 K 线",
    ),
    "audit": Command(
        "webctp.commands.audit",
        "show who did what, when, from where",
        "查看审计日志：谁在何时、从何处做了什么",
    ),
    "token": Command(
        "webctp.commands.token",
        "add, list, revoke and rotate the tokens by which callers are known",
        "添加、列出、吊销、更换访问令牌",
    ),
}


def usage() -> str:
    """Return the help text."""
    lines = [
        f"webctp {__version__}",
        "",
        "The gateway  网关:  twistd -n webctp --config etc/sim.yaml",
        "Its tools    工具:  python -m webctp COMMAND [--help]",
        "",
    ]
    width = max(map(len, COMMANDS))
    lines += [f"  {name:{width}}  {tool.en} · {tool.zh}" for name, tool in COMMANDS.items()]
    return "\n".join(lines)


def main(argv: Sequence[str]) -> int:
    """Run the command that `argv` names; return its exit code, 2 for one that is unknown."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    if argv[0] not in COMMANDS:
        print(f"webctp: no command {argv[0]!r}（没有此命令）\n\n{usage()}", file=sys.stderr)
        return 2
    run = importlib.import_module(COMMANDS[argv[0]].module).main
    code: int = run(argv[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
