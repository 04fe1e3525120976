"""The description of the API: valid, whole, and what is served."""

from typing import Any

import msgspec
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from tests.commands.docs.support import DOCS
from tests.gateway.rest.support import LOGIN, RestCase
from webctp.ctp import binding
from webctp.ctp.catalog import Shape
from webctp.gateway.rest import openapi, schemas
from webctp.gateway.rest.openapi import document
from webctp.gateway.rest.services import YAML, MadePage, services_of
from webctp.gateway.rest.sessions import HttpSession
from webctp.testing import MemoryGateway

LOADED = binding.load()
WHOLE = document(services_of(LOADED), LOADED.version)


class Described(RestCase):
    """The document against the services."""

    def test_it_is_valid(self) -> None:
        validate(WHOLE)

    def test_every_request_is_there(self) -> None:
        for name, catalogue in (("td", LOADED.trading), ("md", LOADED.market)):
            self.post(f"/{name}/ReqUserLogin", LOGIN if name == "td" else {})
            (session,) = self.factories[name].open
            assert isinstance(session, HttpSession)
            client: Any = session.client
            asked = {
                one for one, m in catalogue.methods.items() if m.shape is not Shape.SUBSCRIPTION
            }
            there = {path.rpartition("/")[2] for path in WHOLE["paths"] if path[:3] == f"/{name}"}
            self.assertEqual(there - {"ticks"}, asked | set(client.own))

    def test_bodies_of_our_own_bear_the_name_that_is_read(self) -> None:
        for name in ("td", "md"):
            answer = self.post(f"/{name}/ReqUserLogin", LOGIN if name == "td" else {})
            bearer = answer.told["Bearer"]["Token"]
            for request in schemas.OWN_REQUESTS[name]:
                refused = self.post(f"/{name}/{request}", {"Nonsense": 1}, bearer)
                self.assertIn(refused.status, (400, 403), refused)
                if refused.status == 400:
                    self.assertIn("Nonsense", refused.told["detail"])
                    self.assertNotIn("unknown field 'Nonsense';", refused.told["detail"])

    def test_every_reference_leads_somewhere(self) -> None:
        text = msgspec.json.encode(WHOLE).decode()
        for part in text.split('"$ref":"')[1:]:
            where: Any = WHOLE
            for step in part.partition('"')[0].removeprefix("#/").split("/"):
                where = where[step]

    def test_fields_say_what_their_values_mean(self) -> None:
        order = WHOLE["components"]["schemas"]["td.InputOrder"]["properties"]
        values = WHOLE[openapi.VALUES]
        self.assertEqual(order["Direction"][openapi.FIELD_VALUES], "Direction")
        self.assertEqual(values["Direction"], {"0": "买 Buy", "1": "卖 Sell"})
        self.assertEqual(order["CombOffsetFlag"][openapi.FIELD_VALUES], "OffsetFlag")
        self.assertNotIn(openapi.FIELD_VALUES, order["InstrumentID"])
        named = {
            one[openapi.FIELD_VALUES]
            for schema in WHOLE["components"]["schemas"].values()
            for one in schema.get("properties", {}).values()
            if openapi.FIELD_VALUES in one
        }
        self.assertEqual(named, set(values))

    def test_examples_fit(self) -> None:
        for path, example in openapi._EXAMPLES.items():
            content = WHOLE["paths"][path]["post"]["requestBody"]["content"]["application/json"]
            self.assertEqual(content["example"], example)
            self.check(content["schema"], example)

    def test_answers_fit(self) -> None:
        answer = self.post("/td/ReqUserLogin", LOGIN)
        bearer = answer.told["Bearer"]["Token"]
        self.fits("/td/ReqUserLogin", "200", answer.told)
        self.front.on("ReqQryInvestor", answer={"InvestorID": "one"})
        told = self.post("/td/ReqQryInvestor", {}, bearer).told
        self.fits("/td/ReqQryInvestor", "200", told)
        self.assertEqual(len(told["Rows"]), 1)
        self.fits("/td/GetTradingDay", "200", self.post("/td/GetTradingDay", {}, bearer).told)
        refused = self.post("/td/ReqQryInvestor", {"x": 1}, bearer)
        self.check({"$ref": "#/components/schemas/Problem"}, refused.told)

    def test_what_does_not_fit_is_told_apart(self) -> None:
        content = WHOLE["paths"]["/td/ReqOrderInsert"]["post"]["requestBody"]["content"]
        schema = content["application/json"]["schema"]
        self.assertTrue(self.problems(schema, {"InstrumentID": "rb2605"}))
        self.assertTrue(self.problems(schema, {"ClientOrderID": "a", "Nonsense": 1}))
        self.assertTrue(self.problems(schema, {"ClientOrderID": "a", "LimitPrice": "1"}))
        self.assertFalse(self.problems(schema, {"ClientOrderID": "a", "LimitPrice": None}))

    def fits(self, path: str, status: str, told: Any) -> None:
        """Check an answer against what is described."""
        answers = WHOLE["paths"][path]["post"]["responses"]
        self.check(answers[status]["content"]["application/json"]["schema"], told)

    def check(self, schema: Any, value: Any) -> None:
        """Check a value against a schema."""
        self.assertEqual(self.problems(schema, value), [])

    def problems(self, schema: Any, value: Any) -> list[str]:
        """What is wrong with a value."""
        whole = {**schema, "components": WHOLE["components"]}
        return [one.message for one in OAS31Validator(whole).iter_errors(value)]


class Served(RestCase):
    """Where it is had."""

    def test_at_its_path(self) -> None:
        gateway = MemoryGateway(AppType="both")
        self.addCleanup(gateway.stop)
        page = gateway._site._pages[openapi.PATH]
        self.assertIsInstance(page, MadePage)
        answer = page(None, "", None)
        self.assertEqual((answer.status, answer.content_type), (200, YAML))
        self.assertEqual(yaml.safe_load(answer.body)["paths"].keys(), WHOLE["paths"].keys())

    def test_docs_have_the_same_paths(self) -> None:
        text = (DOCS / "openapi.yaml").read_text("utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        kept = yaml.load(text, loader)
        if f"openctp-ctp {LOADED.version}" in kept["info"]["description"].replace("\n", " "):
            self.assertEqual(kept["paths"].keys(), WHOLE["paths"].keys())
            self.assertEqual(kept["components"], WHOLE["components"])
