"""The tables of error codes."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, errors
from webctp.ctp.codec import codec_for
from webctp.ctp.errors import ERRORS, GATEWAY_ERRORS


class ErrorTests(SynchronousTestCase):
    """CTP's codes and the gateway's."""

    def test_messages(self) -> None:
        self.assertEqual(errors.message(0), "CTP:正确")
        self.assertEqual(errors.message(42), "CTP:结算结果未确认")
        self.assertEqual(errors.message(-3), "CTP:每秒发送请求数超过许可数")
        self.assertEqual(errors.message(-404), "Webctp还未实现该方法")

    def test_a_code_in_neither_table_is_told_by_its_number(self) -> None:
        self.assertEqual(errors.message(12345), "CTP:错误代码 12345")

    def test_ctps_messages_say_so_and_the_gateways_do_not(self) -> None:
        theirs = ("CTP:", "建行银期：")  # some are a bank's, by CTP's own table
        self.assertEqual([text for text in ERRORS.values() if not text.startswith(theirs)], [])
        self.assertEqual([t for t in GATEWAY_ERRORS.values() if t.startswith("CTP:")], [])

    def test_the_tables_share_no_code(self) -> None:
        self.assertEqual(ERRORS.keys() & GATEWAY_ERRORS.keys(), set())

    def test_every_message_fits_rsp_info(self) -> None:
        for catalogue in (catalog.trading(), catalog.market_data()):
            layout = codec_for(catalogue.module).layout("CThostFtdcRspInfoField")
            for code, text in {**ERRORS, **GATEWAY_ERRORS}.items():
                packed = layout.pack({"ErrorID": code, "ErrorMsg": text})
                self.assertEqual(layout.unpack(packed), {"ErrorID": code, "ErrorMsg": text})

    def test_codes_with_a_meaning_of_their_own_are_in_the_table(self) -> None:
        for code in errors.NOT_OPEN_YET | errors.PASSWORD_MUST_CHANGE:
            self.assertIn(code, ERRORS)
