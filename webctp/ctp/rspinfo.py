"""RspInfo: what is said of an answer, as the bytes of its struct."""

from webctp.ctp import errors
from webctp.ctp.bridge import RSP_INFO
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for


class RspInfo:
    """Reads and makes the RspInfos of one catalogue; any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._layout = codec_for(catalogue.module).layout(RSP_INFO)

    def code(self, info: bytes | None) -> int:
        """Return the ErrorID; 0 where CTP gave none."""
        return 0 if info is None else int(self._layout.value(info, "ErrorID"))

    def text(self, info: bytes | None) -> str:
        """Return the ErrorMsg; empty where CTP gave none."""
        return "" if info is None else self._layout.text(info, "ErrorMsg")

    def of(self, code: int) -> bytes:
        """Return one of ours: a code of CTP's or the gateway's, and its text."""
        return self._layout.pack({"ErrorID": code, "ErrorMsg": errors.message(code)})
