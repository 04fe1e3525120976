"""The keys of the simulated front's faults: ``Faults:`` within ``Sim:``."""

from collections.abc import Mapping
from typing import Final

from webctp.sim.options.key import A_CHANCE, SOME_SECONDS, Key, at_least, chance

FAULT_KEYS: Final[Mapping[str, Key]] = {
    "ReturnError": Key(
        "return_error",
        A_CHANCE,
        "请求返回 -1、-2 或 -3，且不发送",
        "a request returns -1, -2 or -3 and is not sent",
        chance,
    ),
    "NoAnswer": Key(
        "no_answer",
        A_CHANCE,
        "请求没有任何应答",
        "a request is swallowed",
        chance,
    ),
    "SlowAnswer": Key(
        "slow_answer",
        A_CHANCE,
        "请求迟 SlowSeconds 秒处理",
        "a request is handled SlowSeconds late",
        chance,
    ),
    "SlowSeconds": Key(
        "slow_seconds",
        SOME_SECONDS,
        "见 SlowAnswer",
        "see SlowAnswer",
        at_least(0, float),
    ),
    "NotReady": Key(
        "not_ready",
        A_CHANCE,
        "查询应答 90，认证与登录应答 7",
        "a query is answered with 90, an authentication or login with 7",
        chance,
    ),
    "LostAck": Key(
        "lost_ack",
        A_CHANCE,
        "报单已被接受，连接在回报之前断开",
        "the connection breaks when an order has been taken, before it is told",
        chance,
    ),
    "Duplicate": Key(
        "duplicate",
        A_CHANCE,
        "私有流的推送到达两次",
        "a push of the private flow comes twice",
        chance,
    ),
    "Reorder": Key(
        "reorder",
        A_CHANCE,
        "相邻两条消息对调",
        "two messages change places",
        chance,
    ),
    "Garbage": Key(
        "garbage",
        A_CHANCE,
        "某个文本字段以半个汉字结尾",
        "a text field ends in half a character",
        chance,
    ),
    "Disconnect": Key(
        "disconnect",
        SOME_SECONDS,
        "平均每隔多少秒断开一个连接，原因随机；0 为从不",
        "mean seconds between lost connections, each for any of the reasons; 0 is never",
        at_least(0, float),
    ),
    "Silence": Key(
        "silence",
        SOME_SECONDS,
        "平均每隔多少秒静默一次：不应答、不推送，行情丢失，私有流事后补到；0 为从不",
        "mean seconds between silences: no answers, ticks lost, pushes afterwards; 0 is never",
        at_least(0, float),
    ),
    "SilenceSeconds": Key(
        "silence_seconds",
        SOME_SECONDS,
        "每次静默多少秒",
        "how long a silence lasts",
        at_least(0, float),
    ),
    "Burst": Key(
        "burst",
        SOME_SECONDS,
        "平均每隔多少秒涌来一批行情；0 为从不",
        "mean seconds between bursts of ticks; 0 is never",
        at_least(0, float),
    ),
    "BurstTicks": Key(
        "burst_ticks",
        "ticks, 0 or more",
        "每批多少笔，取自已订阅合约的当前行情",
        "ticks in a burst, the present ones of what is subscribed",
        at_least(0, int),
    ),
    "NewFlow": Key(
        "new_flow",
        SOME_SECONDS,
        "平均每隔多少秒清流重启一次；0 为从不",
        "mean seconds between restarts of CTP that begin the day's flows anew; 0 is never",
        at_least(0, float),
    ),
}
"""The keys of ``Faults:`` within ``Sim:``; in an address ``faults.duplicate=0.1``."""
