"""`make run`: say where the gateway of a configuration will be, and one line to try it with."""

import sys

from webctp.config import load

config = load(sys.argv[1])
host = "127.0.0.1" if config.host == "0.0.0.0" else config.host
base = f"{'wss' if config.tls else 'ws'}://{host}:{config.port}"
print("webctp is starting; Ctrl-C ends it  正在启动，Ctrl-C 结束")
if config.serves_td:
    print(f"  trading      交易  {base}/td/")
if config.serves_md:
    print(f"  market data  行情  {base}/md/")
print("Try it from another shell  在另一个终端中试用:")
print(f"  .venv/bin/python etc/hello.py {base}")
sys.stdout.flush()
