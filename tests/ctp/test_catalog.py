"""The catalogue: nothing of the binding is missing, nothing is added, and the wire's names hold."""

import inspect
import re
from collections import Counter
from types import ModuleType
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, runtime
from webctp.ctp.catalog import Callback, Catalogue, Field, Method, Shape, ShapeError, key_of
from webctp.ctp.codec import codec_for

#: Requests, callbacks and enumerations of the trading API by version of the binding.
KNOWN = {
    "6.3.15.7": (82, 125, 295),
    "6.7.2.8": (111, 154, 316),
    "6.7.11.0": (118, 164, 322),
    # openctp-tts and openctp-ctpopt.
    "6.7.2.3": (111, 154, 316),
    "3.7.3.1": (87, 137, 318),
}
NEWEST = KNOWN["6.7.11.0"]
OPTIONS = "openctp_ctpopt"

#: The requests that users of the original webctp have documentation for, and what answers them.
DOCUMENTED = {
    "ReqUserLogin": ("ReqUserLogin", "RspUserLogin"),
    "ReqQryTrade": ("QryTrade", "Trade"),
    "ReqQryInvestorPosition": ("QryInvestorPosition", "InvestorPosition"),
    "ReqQryTradingAccount": ("QryTradingAccount", "TradingAccount"),
    "ReqQryInvestor": ("QryInvestor", "Investor"),
    "ReqQryTradingCode": ("QryTradingCode", "TradingCode"),
    "ReqQryInstrumentMarginRate": ("QryInstrumentMarginRate", "InstrumentMarginRate"),
    "ReqQryInstrumentCommissionRate": ("QryInstrumentCommissionRate", "InstrumentCommissionRate"),
    "ReqQryOptionInstrCommRate": ("QryOptionInstrCommRate", "OptionInstrCommRate"),
    "ReqQryOptionInstrTradeCost": ("QryOptionInstrTradeCost", "OptionInstrTradeCost"),
    "ReqQryInstrumentOrderCommRate": ("QryInstrumentOrderCommRate", "InstrumentOrderCommRate"),
    "ReqQryExchangeMarginRate": ("QryExchangeMarginRate", "ExchangeMarginRate"),
    "ReqQryInvestorPositionDetail": ("QryInvestorPositionDetail", "InvestorPositionDetail"),
    "ReqQryDepthMarketData": ("QryDepthMarketData", "DepthMarketData"),
    "ReqQryProduct": ("QryProduct", "Product"),
    "ReqQryExchange": ("QryExchange", "Exchange"),
    "ReqQryInstrument": ("QryInstrument", "Instrument"),
    "ReqQryOrder": ("QryOrder", "Order"),
    "ReqQryMaxOrderVolume": ("QryMaxOrderVolume", "QryMaxOrderVolume"),
    "ReqUserPasswordUpdate": ("UserPasswordUpdate", "UserPasswordUpdate"),
    "ReqOrderInsert": ("InputOrder", "InputOrder"),
    "ReqOrderAction": ("InputOrderAction", "InputOrderAction"),
}

#: What the daemon calls itself: no client may.
OWN = {
    "CreateFtdcTraderApi",
    "CreateFtdcMdApi",
    "Init",
    "Join",
    "Release",
    "RegisterSpi",
    "RegisterFront",
    "RegisterNameServer",
    "RegisterFensUserInfo",
    "SubscribePrivateTopic",
    "SubscribePublicTopic",
}


def both() -> tuple[Catalogue, Catalogue]:
    return catalog.trading(), catalog.market_data()


def members(catalogue: Catalogue) -> list[Method | Callback]:
    """Return all methods and callbacks."""
    return [*catalogue.methods.values(), *catalogue.callbacks.values()]


def public(cls: type, prefix: str = "") -> list[str]:
    """Return the functions that a class of the binding itself has, in order of declaration."""
    return [
        name
        for name, value in vars(cls).items()
        if name.startswith(prefix) and not name.startswith("_") and not isinstance(value, property)
    ]


def structs_of(module: ModuleType) -> dict[str, type]:
    """Return every struct class of a module, found otherwise than the catalogue does."""
    return {
        name: value
        for name, value in inspect.getmembers(module, inspect.isclass)
        if name.startswith("CThostFtdc") and name.endswith("Field")
    }


class CompletenessTests(SynchronousTestCase):
    """The catalogue against the binding's classes."""

    def test_every_request_is_there(self) -> None:
        for catalogue in both():
            requests = [
                method.name
                for method in catalogue.methods.values()
                if method.shape is Shape.REQUEST
            ]
            self.assertEqual(requests, public(catalogue.api_class, "Req"))

    def test_every_callback_is_there_in_its_order(self) -> None:
        for catalogue in both():
            self.assertEqual(list(catalogue.callbacks), public(catalogue.spi_class, "On"))
            self.assertEqual(list(catalogue.callbacks), public(catalogue.spi_class))

    def test_every_method_is_either_a_clients_or_the_daemons_own(self) -> None:
        for catalogue in both():
            methods = set(public(catalogue.api_class))
            self.assertLess(set(catalogue.methods), methods)
            self.assertLessEqual(methods - set(catalogue.methods), OWN)
            self.assertEqual(set(catalogue.methods) & OWN, set())

    def test_counts(self) -> None:
        trading = catalog.trading()
        requests = sum(method.shape is Shape.REQUEST for method in trading.methods.values())
        counts = (requests, len(trading.callbacks), len(trading.enumerations))
        known = KNOWN.get(runtime.load().version)
        if known is not None:
            self.assertEqual(counts, known)
        elif runtime.load().package == runtime.DEFAULT:
            for count, least in zip(counts, NEWEST, strict=True):
                self.assertGreaterEqual(count, least)

    def test_every_struct_is_there(self) -> None:
        for catalogue in both():
            self.assertEqual(set(catalogue.struct_names), set(structs_of(catalogue.module)))
            self.assertEqual(len(catalogue.struct_names), len(set(catalogue.struct_names)))

    def test_the_fields_of_every_struct_are_its_properties(self) -> None:
        for catalogue in both():
            for name, cls in structs_of(catalogue.module).items():
                properties = [
                    attribute
                    for attribute, value in vars(cls).items()
                    if isinstance(value, property) and attribute != "thisown"
                ]
                fields = catalogue.struct(name).fields
                self.assertEqual([field.name for field in fields], properties)
                layout = codec_for(catalogue.module).layout(name)
                self.assertEqual(properties, [field.name for field in layout.fields])

    def test_types_and_meanings_are_there(self) -> None:
        for catalogue in both():
            fields = [
                field for name in catalogue.struct_names for field in self.all(catalogue, name)
            ]
            for field in fields:
                self.assertRegex(field.ctp_type, r"^TThostFtdc\w+Type$")
            bare = [field for field in fields if not field.meaning]
            self.assertLessEqual(len(bare), 1)  # GuarantRatio has none in the header
            for described in members(catalogue):
                self.assertTrue(described.meaning, described.name)
                self.assertNotIn("\n", described.meaning)

    def all(self, catalogue: Catalogue, name: str) -> tuple[Field, ...]:
        struct = catalogue.struct(name)
        self.assertEqual((struct.name, bool(struct.meaning)), (name, True))
        return struct.fields

    def test_every_struct_that_is_named_exists(self) -> None:
        for catalogue in both():
            for described in members(catalogue):
                if described.struct is not None:
                    self.assertEqual(catalogue.struct(described.struct).key, described.body_key)

    def test_foreign_names_are_no_structs(self) -> None:
        for name in ("CThostFtdcNothingField", "CThostFtdcTraderApi", "__name__", "", "../x"):
            self.assertRaises(KeyError, catalog.trading().struct, name)

    def test_structs_are_read_once(self) -> None:
        name = "CThostFtdcInputOrderField"
        self.assertIs(catalog.trading().struct(name), catalog.trading().struct(name))
        self.assertIs(catalog.trading(), catalog.trading())
        self.assertIs(catalog.market_data(), catalog.market_data())


class WireTests(SynchronousTestCase):
    """The names that messages carry."""

    def test_every_request_is_answered(self) -> None:
        for catalogue in both():
            for method in catalogue.methods.values():
                if method.shape not in (Shape.REQUEST, Shape.SUBSCRIPTION):
                    self.assertIsNone(method.response)
                    continue
                callback = method.reply
                self.assertTrue(callback.has_request, method)
                self.assertTrue(callback.has_info, method)
                self.assertTrue(callback.struct, method)

    def test_every_request_has_a_body(self) -> None:
        for catalogue in both():
            for method in catalogue.methods.values():
                takes_struct = method.shape in (Shape.REQUEST, Shape.SUBMIT, Shape.FILL)
                self.assertEqual(method.body_key is not None, takes_struct, method)

    def test_a_shape_without_a_struct_or_an_answer_says_so(self) -> None:
        """A None taken for a name would become the text "None" somewhere else."""
        trading, market = catalog.trading(), catalog.market_data()
        with self.assertRaisesRegex(ShapeError, "GetTradingDay takes no struct"):
            _ = trading.methods["GetTradingDay"].request_struct
        with self.assertRaisesRegex(ShapeError, "SubscribeMarketData takes no struct"):
            _ = market.methods["SubscribeMarketData"].request_struct
        with self.assertRaisesRegex(ShapeError, "SubmitUserSystemInfo is answered by no callback"):
            _ = trading.methods["SubmitUserSystemInfo"].reply
        with self.assertRaisesRegex(ShapeError, "OnRspError brings no struct"):
            _ = trading.callbacks["OnRspError"].body_struct

    def test_a_reply_is_the_catalogues_own_callback(self) -> None:
        for catalogue in both():
            for method in catalogue.methods.values():
                if method.response is not None:
                    self.assertIs(method.reply, catalogue.callbacks[method.response])

    def test_the_documented_requests(self) -> None:
        trading = catalog.trading()
        for name, (asked, answered) in DOCUMENTED.items():
            method = trading.methods[name]
            response = method.reply
            self.assertEqual((method.body_key, response.body_key), (asked, answered))
            self.assertEqual(response.msg_type, name.replace("Req", "Rsp"))

    def test_a_response_is_named_after_its_request(self) -> None:
        for catalogue in both():
            for method in catalogue.methods.values():
                if method.shape is Shape.REQUEST and "With" not in method.name:
                    self.assertEqual(method.response, "OnRsp" + method.name.removeprefix("Req"))

    def test_the_other_logins_are_answered_as_the_login_is(self) -> None:
        methods = catalog.trading().methods
        others = [name for name in methods if name.startswith("ReqUserLoginWith")]
        if runtime.load().package == OPTIONS:
            self.assertEqual(others, [])
            return
        self.assertEqual({methods[name].response for name in others}, {"OnRspUserLogin"})
        self.assertEqual([methods[name].body_key for name in others], others)
        self.assertEqual(len(others), 3)

    def test_three_body_keys_serve_two_requests_each(self) -> None:
        keys = Counter(
            method.body_key
            for method in catalog.trading().methods.values()
            if method.shape is Shape.REQUEST
        )
        twice = {key for key, times in keys.items() if times == 2}
        wanted = {"QryTradingAccount", "ReqTransfer"}
        if runtime.load().package == OPTIONS:
            wanted.remove("QryTradingAccount")
        self.assertLessEqual(wanted, twice)
        self.assertEqual(max(keys.values()), 2)

    def test_message_types_are_unlike_one_another(self) -> None:
        for catalogue in both():
            types = [callback.msg_type for callback in catalogue.callbacks.values()]
            self.assertEqual(len(types), len(set(types)))
            self.assertEqual(["On" + name for name in types], list(catalogue.callbacks))

    def test_queries_are_those_named_so(self) -> None:
        methods = catalog.trading().methods
        self.assertTrue(methods["ReqQryOrder"].is_query)
        for name in ("ReqOrderInsert", "ReqUserLogin", "ReqQueryCFMMCTradingAccountToken"):
            self.assertFalse(methods[name].is_query, name)

    def test_no_method_is_both_a_query_and_an_order(self) -> None:
        """ReqQryParkedOrderAction and ReqQryCombAction ask what was done; they do nothing."""
        for catalogue in both():
            for method in catalogue.methods.values():
                with self.subTest(method.name):
                    self.assertFalse(method.is_query and method.is_order)

    def test_orders_are_what_enters_the_market_and_what_takes_it_back(self) -> None:
        orders = {name for name, method in catalog.trading().methods.items() if method.is_order}
        named = {
            name
            for name in catalog.trading().methods
            if name.endswith(("Insert", "Action")) and not name.startswith("ReqQry")
        }
        self.assertEqual(orders, named | {"ReqRemoveParkedOrder"})
        self.assertIn("ReqCombActionInsert", orders)
        self.assertIn("ReqBatchOrderAction", orders)

    def test_keys_of_structs(self) -> None:
        self.assertEqual(key_of("CThostFtdcInputOrderField"), "InputOrder")
        for stranger in ("InputOrder", "CThostFtdcField", "CThostFtdcTraderApi", ""):
            self.assertRaises(ValueError, key_of, stranger)


class ShapeTests(SynchronousTestCase):
    """Callbacks and methods that are not of the usual form."""

    def shape(self, catalogue: Catalogue, name: str) -> tuple[Any, ...]:
        callback = catalogue.callbacks[name]
        return callback.body_key, callback.has_info, callback.has_request

    def test_of_the_connection(self) -> None:
        for catalogue in both():
            for name, expected in (
                ("OnFrontConnected", (None, False, False)),
                ("OnFrontDisconnected", ("Reason", False, False)),
                ("OnHeartBeatWarning", ("TimeLapse", False, False)),
                ("OnRspError", (None, True, True)),
            ):
                self.assertEqual(self.shape(catalogue, name), expected)
                self.assertIsNone(catalogue.callbacks[name].struct)

    def test_responses_carry_all(self) -> None:
        for catalogue in both():
            for name in catalogue.callbacks:
                if name.startswith("OnRsp") and name != "OnRspError":
                    key, *rest = self.shape(catalogue, name)
                    self.assertTrue(key, name)
                    self.assertEqual(rest, [True, True], name)

    def test_pushes_carry_no_request(self) -> None:
        for catalogue in both():
            for name in catalogue.callbacks:
                if name.startswith("OnRtn"):
                    self.assertEqual(self.shape(catalogue, name)[1:], (False, False), name)
                elif name.startswith("OnErrRtn"):
                    self.assertEqual(self.shape(catalogue, name)[1:], (True, False), name)

    def test_no_callback_is_of_a_kind_unheard_of(self) -> None:
        kinds = re.compile(
            r"On(Rsp|Rtn|ErrRtn)\w+|OnFront(Connected|Disconnected)|OnHeartBeatWarning"
        )
        for catalogue in both():
            for name in catalogue.callbacks:
                self.assertRegex(name, kinds)

    def test_subscriptions(self) -> None:
        market = catalog.market_data()
        answers = {
            method.name: method.response
            for method in market.methods.values()
            if method.shape is Shape.SUBSCRIPTION
        }
        self.assertEqual(
            answers,
            {
                "SubscribeMarketData": "OnRspSubMarketData",
                "UnSubscribeMarketData": "OnRspUnSubMarketData",
                "SubscribeForQuoteRsp": "OnRspSubForQuoteRsp",
                "UnSubscribeForQuoteRsp": "OnRspUnSubForQuoteRsp",
            },
        )
        for response in answers.values():
            self.assertEqual(market.callbacks[str(response)].body_key, "SpecificInstrument")

    def test_calls_that_no_callback_answers(self) -> None:
        methods = catalog.trading().methods
        for name in ("RegisterUserSystemInfo", "SubmitUserSystemInfo"):
            self.assertIs(methods[name].shape, Shape.SUBMIT)
            self.assertEqual(methods[name].body_key, "UserSystemInfo")
        for name in ("GetTradingDay", "GetApiVersion"):
            self.assertIs(methods[name].shape, Shape.TEXT)
        for catalogue in both():
            for method in catalogue.methods.values():
                if method.shape is Shape.TEXT:
                    self.assertTrue(method.name.startswith("Get"), method)

    def test_ticks(self) -> None:
        market = catalog.market_data()
        tick = market.callbacks["OnRtnDepthMarketData"]
        self.assertEqual(tick.body_key, "DepthMarketData")
        reserved = [
            field.name for field in market.struct(tick.body_struct).fields if field.reserved
        ]
        options = runtime.load().package == OPTIONS
        self.assertEqual(reserved, [] if options else ["reserve1", "reserve2"])


class EnumerationTests(SynchronousTestCase):
    """Which values a type has, and what they mean."""

    def values(self, name: str) -> dict[str, str]:
        """Return value -> meaning of one enumeration."""
        return {
            entry.value: entry.meaning
            for entry in catalog.trading().enumerations[f"TThostFtdc{name}Type"]
        }

    def test_every_constant_of_the_module_is_in_one(self) -> None:
        for catalogue in both():
            entries = [entry for group in catalogue.enumerations.values() for entry in group]
            constants = {
                name: value
                for name, value in vars(catalogue.module).items()
                if name.startswith("THOST_FTDC_")
            }
            self.assertEqual({entry.constant: entry.value for entry in entries}, constants)
            self.assertEqual(len(entries), len(constants))
            self.assertTrue(all(entry.meaning for entry in entries))

    def test_values_of_a_type_are_unlike_one_another(self) -> None:
        for catalogue in both():
            for name, group in catalogue.enumerations.items():
                self.assertEqual(len({entry.value for entry in group}), len(group), name)

    def test_the_constants_of_a_type_share_their_prefix(self) -> None:
        # So no group has swallowed its neighbour.
        for catalogue in both():
            for name, group in catalogue.enumerations.items():
                prefixes = {"_".join(entry.constant.split("_")[:3]) for entry in group}
                self.assertEqual(len(prefixes), 1, name)

    def test_single_characters_of_structs_are_enumerated(self) -> None:
        for catalogue in both():
            codec = codec_for(catalogue.module)
            types = {
                field.ctp_type
                for name in catalogue.struct_names
                for field in catalogue.struct(name).fields
                if codec.layout(name).by_name[field.name].kind == "char"
            }
            # The urgency of news has no constants in the header.
            self.assertLessEqual(
                types - catalogue.enumerations.keys(), {"TThostFtdcNewsUrgencyType"}
            )

    def test_some_of_them(self) -> None:
        self.assertEqual(self.values("Direction"), {"0": "买", "1": "卖"})
        self.assertEqual(self.values("OrderPriceType")["2"], "限价")
        self.assertEqual(
            {value: self.values("OffsetFlag")[value] for value in "0134"},
            {"0": "开仓", "1": "平仓", "3": "平今", "4": "平昨"},
        )
        status = self.values("OrderStatus")
        self.assertEqual(
            (status["0"], status["3"], status["5"], status["a"]),
            ("全部成交", "未成交还在队列中", "撤单", "未知"),
        )
        self.assertEqual(self.values("PosiDirection"), {"1": "净", "2": "多头", "3": "空头"})
        self.assertEqual(self.values("HedgeFlag")["1"], "投机")
        limit = catalog.trading().enumerations["TThostFtdcOrderPriceTypeType"][1]
        self.assertEqual((limit.constant, limit.value), ("THOST_FTDC_OPT_LimitPrice", "2"))
