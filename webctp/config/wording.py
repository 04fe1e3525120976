"""The key of the language in which the gateway speaks."""

from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.kinds import choice
from webctp.config.sections import row
from webctp.language.text import LANGUAGES, Language


@dataclass(frozen=True, kw_only=True)
class LanguageSettings:
    """The language of what the gateway itself says, for every room that says something."""

    title: ClassVar[str] = "Language 语言"

    language: Language = field(
        default="en",
        metadata=row(
            "Language",
            choice(*LANGUAGES),
            "The language of what the gateway itself says: the log, Detail, Reason, and mistakes "
            "at the start. ErrorMsg is Chinese in any case, as CTP's is.",
            "网关自身文字所用的语言（zh 为中文）：日志、Detail、Reason 与启动时的错误。"
            "ErrorMsg 与 CTP 一致，始终为中文。",
        ),
    )
