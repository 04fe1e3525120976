"""Fields that the journal never keeps: passwords, keys, codes."""

from typing import Final

from webctp.ctp.catalog import Catalogue

_SECRET_TYPES: Final = frozenset(
    {
        "TThostFtdcPasswordType",
        "TThostFtdcPasswordKeyType",
        "TThostFtdcAuthCodeType",
        "TThostFtdcAuthKeyType",
        "TThostFtdcAuthInfoType",
        "TThostFtdcCFMMCKeyType",
        "TThostFtdcCFMMCTokenType",
        "TThostFtdcCaptchaInfoType",
    }
)
_SECRET_NAMES: Final = frozenset(
    {
        "Password", "OldPassword", "NewPassword", "OneTimePassword", "OTPPassword",
        "TradingPassword", "BankPassWord", "NewBankPassWord", "AuthCode", "AuthKey", "PinKey",
        "MacKey", "PIN", "Captcha", "Token", "CurrentKey",
    }
)  # fmt: skip


def secret_fields(catalogue: Catalogue) -> frozenset[str]:
    """Return the names of fields that hold secrets: those of CTP's secret types, and the known."""
    return _SECRET_NAMES | {
        field.name
        for name in catalogue.struct_names
        for field in catalogue.struct(name).fields
        if field.ctp_type in _SECRET_TYPES
    }
