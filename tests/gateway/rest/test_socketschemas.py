"""The schemas of the WebSocket's messages, against what the gateway takes and what it says."""

import json
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.commands.docs.support import DOCS
from tests.gateway.described import DEFS, LOADED, WHOLE, problems
from tests.gateway.support import GatewayCase, Message
from tests.shownmessages import examples
from webctp.commands.docs.examples import SCRIPTS, load_recorded
from webctp.commands.docs.pages import made_from
from webctp.ctp import runtime
from webctp.ctp.catalog import Method, Shape
from webctp.ctp.codec import CodecError
from webctp.gateway.messages.schema import BadMessage, Schema
from webctp.gateway.rest.services import Service, services_of
from webctp.testing import WebSocketPeer

SERVICES: Final = services_of(LOADED)
_LOGIN: Final = {"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": "user", "Password": "p"}}
_VALUES: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**33), 2**33),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text("aZ09_ ", max_size=12),
    st.just({"base64": "QQ=="}),
    st.just([1]),
)


@st.composite
def requests(draw: st.DrawFn, service: Service) -> tuple[Method, Message]:
    """A request of a service with some fields right, and some perhaps not."""
    method = draw(st.sampled_from(sorted(service.catalogue.methods.values(), key=lambda m: m.name)))
    message: Message = {"MsgType": method.name}
    if draw(st.booleans()):
        message["RequestID"] = draw(st.one_of(st.integers(0, 99), _VALUES))
    if method.shape is Shape.SUBSCRIPTION:
        names = st.lists(st.text("rb01*", max_size=6), max_size=3)
        message["InstrumentID"] = draw(st.one_of(names, st.just("rb2701"), _VALUES))
    elif method.shape in (Shape.REQUEST, Shape.SUBMIT):
        fields = list(DEFS[f"{service.name}.{method.request_key}"]["properties"])
        body = st.dictionaries(st.sampled_from([*fields, "Nonsense"]), _VALUES, max_size=4)
        message[method.request_key] = draw(st.one_of(st.none(), body))
    if draw(st.integers(0, 9)) == 0:
        message["Nonsense"] = 1
    return method, message


class Taken(SynchronousTestCase):
    """What the gateway takes fits, and what does not fit it refuses."""

    def test_they_are_schemas(self) -> None:
        OAS31Validator.check_schema(WHOLE)

    def test_every_reference_leads_somewhere(self) -> None:
        for part in json.dumps(WHOLE).split('"$ref": "#/')[1:]:
            where: Any = WHOLE
            for step in part.partition('"')[0].split("/"):
                where = where[step]

    @settings(max_examples=400, deadline=None)
    @given(st.data())
    def test_requests(self, data: st.DataObject) -> None:
        service = data.draw(st.sampled_from(SERVICES))
        method, message = data.draw(requests(service))
        wrong = problems(service.name, "sent", message)
        schema = Schema(service.catalogue, service.options)
        number = message.get("RequestID")
        if type(number) is float and number.is_integer() and abs(number) < 2**31:
            number = int(number)  # as open_envelope reads it
        if number is not None and (type(number) is not int or abs(number) >= 2**31):
            self.assertTrue(wrong, message)
            return
        try:
            request = schema.read(method, message, number or 0)
            if method.struct is not None and method.shape is not Shape.FILL:
                schema.layout(method.request_struct).pack(request.body)
        except (BadMessage, CodecError) as problem:
            self.assertTrue(wrong, f"{message} is refused: {problem}")
        else:
            self.assertEqual(wrong, [], message)

    def test_what_is_no_word_of_ours_is_refused(self) -> None:
        for service in SERVICES:
            for name, schema in DEFS.items():
                if name.startswith(f"{service.name}.sent."):
                    msg_type = schema["properties"]["MsgType"]["const"]
                    message = {"MsgType": msg_type, "Nonsense": 1}
                    self.assertTrue(problems(service.name, "sent", message), name)


class Told(GatewayCase):
    """What clients are told fits."""

    def check(self, service: str, peer: WebSocketPeer) -> int:
        """Check all that a client has been sent; gives how much that was."""
        told = peer.received()
        for message in told:
            self.assertEqual(problems(service, "told", message), [], message)
        return len(told)

    def test_every_callback(self) -> None:
        peers = {"td": self.connect("/td/"), "md": self.connect("/md/")}
        for service in SERVICES:
            peer = peers[service.name]
            peer.send(_LOGIN if service.name == "td" else {**_LOGIN, "ReqUserLogin": {}})
            self.settle()
            self.check(service.name, peer)
            for callback in service.catalogue.callbacks.values():
                if callback.has_request or callback.struct is None:
                    continue
                api = next(one for one in self.front.apis if one.has(callback.name))
                api.push(callback.name, {})
                self.settle()
            self.check(service.name, peer)

    def test_refusals(self) -> None:
        peers = {"td": self.connect("/td/"), "md": self.connect("/md/")}
        for service, peer in peers.items():
            for name in DEFS:
                if name.startswith(f"{service}.sent."):
                    peer.send({"MsgType": name.rpartition(".")[2], "RequestID": 3})
            for message in (
                {"MsgType": "Nonsense"},
                {"MsgType": 1},
                {},
                {"MsgType": "ReqUserLogin", "a": 1},
            ):
                peer.send(message)
            for _ in range(40):  # so many are taken in a turn
                self.settle()
            self.assertGreater(self.check(service, peer), 15)


class Documented(SynchronousTestCase):
    """Every example of the documents."""

    def of_this_binding(self) -> None:
        """Skip, and say so, where examples have fields that another version's structs have."""
        name, loaded = "docs/asyncapi.yaml", runtime.load().version
        version = made_from(name, (DOCS / "asyncapi.yaml").read_text("utf-8"))
        if version != loaded:
            raise SkipTest(f"{name} is made from openctp-ctp {version}, and {loaded} is loaded")

    def test_what_was_recorded(self) -> None:
        self.of_this_binding()
        for script, service in SCRIPTS.items():
            if script == "errors":
                continue
            for one in load_recorded(DOCS / "examples", script):
                self.assertEqual(problems(service, "sent", one.sent), [], one.sent)
                for message in one.received:
                    self.assertEqual(problems(service, "told", message), [], message)

    def test_refused_ones_are_answered_as_described(self) -> None:
        for one in load_recorded(DOCS / "examples", "errors"):
            for message in one.received:
                self.assertEqual(problems("td", "told", message), [], message)

    def test_what_is_shown_by_hand(self) -> None:
        self.of_this_binding()
        found = 0
        mistakes = [one.sent for one in load_recorded(DOCS / "examples", "errors")]
        for path, message in examples():
            if message in mistakes:
                continue
            fits = [
                not problems(service, kind, message)
                for service in ("td", "md")
                for kind in ("sent", "told")
                if f"{service}.{kind}.{message['MsgType']}" in DEFS
                or (kind == "told" and "Detail" in message)
            ]
            self.assertTrue(any(fits), f"{path}: {message}")
            found += 1
        self.assertGreater(found, 60)
