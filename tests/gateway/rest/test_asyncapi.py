"""The description of the WebSocket: valid, whole, and what is served."""

from pathlib import Path
from typing import Any

import msgspec
import yaml
from twisted.trial.unittest import SynchronousTestCase

from tests.commands.docs.support import DOCS
from tests.gateway.described import DEFS, LOADED
from tests.npm import node
from webctp.gateway.rest import asyncapi, openapi, socketschemas
from webctp.gateway.rest.descriptions import REFERENCE, description_pages
from webctp.gateway.rest.services import JSON, YAML, services_of

WHOLE = asyncapi.document(services_of(LOADED), LOADED.version)


class Described(SynchronousTestCase):
    """The document."""

    timeout = 600

    def test_the_official_parser_takes_it(self) -> None:
        path = Path(self.mktemp()).absolute()
        path.write_bytes(msgspec.json.encode(WHOLE))
        *wrong, count = node.run("validate.mjs", str(path)).splitlines()
        self.assertEqual(wrong, [])
        self.assertEqual(int(count), len(WHOLE["components"]["messages"]))

    def test_the_official_parser_refuses_another(self) -> None:
        path = Path(self.mktemp()).absolute()
        path.write_bytes(msgspec.json.encode({**WHOLE, "operations": {"a": {"action": "none"}}}))
        self.assertIn("no document", node.run("validate.mjs", str(path)))

    def test_every_reference_leads_somewhere(self) -> None:
        for part in msgspec.json.encode(WHOLE).decode().split('"$ref":"#/')[1:]:
            where: Any = WHOLE
            for step in part.partition('"')[0].split("/"):
                where = where[step]

    def test_every_message_is_in_its_channel_and_operations(self) -> None:
        for service in ("td", "md"):
            channel = WHOLE["channels"][service]["messages"]
            names = {f"{service}.{one}" for one in channel}
            there = {
                one for one in WHOLE["components"]["messages"] if one.startswith(f"{service}.")
            }
            self.assertEqual(names, there)
            requests, pushes = (
                WHOLE["operations"][f"{service}_{one}"] for one in ("requests", "pushes")
            )
            told = [*requests["messages"], *requests["reply"]["messages"], *pushes["messages"]]
            used = {one["$ref"].rpartition("/")[2] for one in told}
            self.assertEqual(used, set(channel) - {socketschemas.REFUSAL})

    def test_a_request_names_its_answer(self) -> None:
        messages = WHOLE["components"]["messages"]
        self.assertEqual(messages["td.sent.ReqQryInstrument"]["x-answer"], "RspQryInstrument")
        self.assertEqual(messages["td.sent.GetTradingDay"]["x-answer"], "GetTradingDay")
        self.assertEqual(messages["md.sent.QryTicks"]["x-answer"], "RspQryTicks")
        for name, one in messages.items():
            service, kind, _ = name.partition(".sent.")
            if kind:
                self.assertIn(f"{service}.told.{one['x-answer']}", messages)

    def test_messages_are_those_of_the_schemas(self) -> None:
        for name, one in WHOLE["components"]["messages"].items():
            if not name.endswith(socketschemas.REFUSAL):
                moved = socketschemas.moved(one["payload"], "#/components/schemas/", "#/$defs/")
                self.assertEqual(moved, DEFS[name])

    def test_docs_have_the_same_messages(self) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        kept = yaml.load((DOCS / "asyncapi.yaml").read_text("utf-8"), loader)
        if f"openctp-ctp {LOADED.version}" in kept["info"]["description"].replace("\n", " "):
            self.assertEqual(kept["components"]["schemas"], WHOLE["components"]["schemas"])
            self.assertEqual(kept["channels"], WHOLE["channels"])


class Served(SynchronousTestCase):
    """The pages that describe a gateway."""

    def test_of_the_services_that_it_has(self) -> None:
        pages: Any = description_pages(LOADED, ("md",))
        made = {path: page for path, page in pages.items() if REFERENCE not in path}
        answers = {path: page(None, "", None) for path, page in made.items()}
        self.assertEqual(
            {path: (answer.status, answer.content_type) for path, answer in answers.items()},
            {
                openapi.PATH: (200, YAML),
                asyncapi.PATH: (200, YAML),
                socketschemas.SCHEMAS: (200, JSON),
            },
        )
        told = yaml.safe_load(answers[asyncapi.PATH].body)
        self.assertEqual(list(told["channels"]), ["md"])
        found = msgspec.json.decode(answers[socketschemas.SCHEMAS].body)["$defs"]
        self.assertIn("md.told.RtnDepthMarketData", found)
        self.assertNotIn("td.sent", found)
        self.assertEqual(pages[asyncapi.PATH](None, "", None).body, answers[asyncapi.PATH].body)
