"""webctp.ctp.rspinfo: read as they were made, with either binding."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, errors
from webctp.ctp.rspinfo import RspInfo


class RspInfos(SynchronousTestCase):
    """What is said of an answer."""

    def test_every_code_and_its_text(self) -> None:
        for catalogue in (catalog.trading(), catalog.market_data()):
            infos = RspInfo(catalogue)
            for code in (*errors.ERRORS, *errors.GATEWAY_ERRORS, 4711):
                info = infos.of(code)
                self.assertEqual((infos.code(info), infos.text(info)), (code, errors.message(code)))

    def test_none_is_no_error(self) -> None:
        infos = RspInfo(catalog.trading())
        self.assertEqual((infos.code(None), infos.text(None)), (0, ""))
