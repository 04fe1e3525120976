"""The keys that say which fronts are served, and how sessions log in there."""

import os
from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.kinds import (
    APP_TYPE,
    FLAG,
    FOLDER,
    FRONTS,
    SECRET,
    TEXT,
    AppType,
    choice,
    seconds,
)
from webctp.config.sections import (
    row,
)
from webctp.ctp.runtime import DEFAULT, PACKAGES
from webctp.secret import Secret


@dataclass(frozen=True, kw_only=True)
class FrontSettings:
    """Which fronts are served, and how sessions log in there.

    Trading and market data share these: their own settings begin with them.
    """

    title: ClassVar[str] = "The fronts 前置"

    app_type: AppType = field(
        default="td",
        metadata=row(
            "AppType",
            APP_TYPE,
            "What is served: trading, market data or both; --app-type wins over it.",
            "提供的服务：交易、行情或两者；命令行 --app-type 优先。",
        ),
    )
    binding: str = field(
        default=DEFAULT,
        metadata=row(
            "Binding",
            choice(*PACKAGES),
            "The CTP library: openctp_ctp for futures, openctp_ctpopt for stock options, "
            "openctp_tts for the fronts of openctp's TTS. The last two are installed by "
            "themselves: pip install openctp-tts. Simulated fronts run on each; their instruments "
            "are those of futures.",
            "使用的接口库：openctp_ctp 为期货，openctp_ctpopt 为股票期权，"
            "openctp_tts 为 openctp 的 TTS 前置。后两者须另行安装：pip install openctp-tts。"
            "模拟前置可用于任一接口库，其合约为期货与期货期权。",
        ),
    )
    td_front_address: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "TdFrontAddress",
            FRONTS,
            "The trading fronts; paper:// trades on paper at the prices of MdFrontAddress.",
            "交易前置地址；paper:// 为模拟账户，按 MdFrontAddress 的行情成交。",
        ),
    )
    md_front_address: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "MdFrontAddress",
            FRONTS,
            "The market-data fronts; ssl:// is for trading only.",
            "行情前置地址；ssl:// 仅用于交易。",
        ),
    )
    production_mode: bool = field(
        default=True,
        metadata=row(
            "ProductionMode",
            FLAG,
            "True for production fronts and SimNow (the native library's own default); "
            "false for a broker's evaluation front.",
            "实盘与 SimNow 为 true（与 CTP 默认一致）；期货公司的评测前置为 false。",
        ),
    )
    broker_id: str = field(
        default="", metadata=row("BrokerID", TEXT, "The broker's code.", "经纪公司代码。")
    )
    app_id: str = field(
        default="",
        metadata=row("AppID", TEXT, "The AppID the broker knows.", "在期货公司登记的 AppID。"),
    )
    auth_code: Secret = field(
        default=Secret(),
        metadata=row(
            "AuthCode",
            SECRET,
            "The authentication code of the AppID; never printed.",
            "AppID 的授权码；不会出现在任何输出中。",
        ),
    )
    user_product_info: str = field(
        default="openctp",
        metadata=row(
            "UserProductInfo",
            TEXT,
            "The product name that logins carry; the default is the original webctp's.",
            "登录时上报的产品信息；默认与原版 webctp 相同。",
        ),
    )
    login_timeout: float = field(
        default=15.0,
        metadata=row(
            "LoginTimeout",
            seconds(3600),
            "How long a login may stay without an answer.",
            "登录等待应答的秒数。",
        ),
    )
    con_file_path: str = field(
        default=os.path.join(".", "con_file"),
        metadata=row(
            "ConFilePath",
            FOLDER,
            "The directory for CTP's flow files (*.con); made when missing.",
            "CTP 流文件（*.con）目录；不存在时自动建立。",
        ),
    )

    @property
    def serves_td(self) -> bool:
        """Whether trading is served."""
        return self.app_type in ("td", "both")

    @property
    def serves_md(self) -> bool:
        """Whether market data is served."""
        return self.app_type in ("md", "both")
