"""The made modules of ``clients/typescript``, against the catalogue and the gateway's messages."""

import re
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests import clients
from webctp.commands.clients.made import compared
from webctp.commands.clients.model import Kind
from webctp.commands.clients.typescript import FOLDER, Sources

ROOT: Final = clients.TYPESCRIPT.parents[1]


class Made(SynchronousTestCase):
    """What is committed."""

    def setUp(self) -> None:
        self.sources = Sources(ROOT)
        self.texts = {path.name: text for path, text in self.sources.made().items()}

    def test_is_what_the_code_makes(self) -> None:
        differences, _ = self.sources.compared()
        self.assertEqual(differences, [], "run `python -m webctp docs`")

    def test_every_struct_has_every_field_with_its_meaning(self) -> None:
        text = self.texts["structs.ts"]
        for record in self.sources._model.records:
            (body,) = re.findall(
                rf"^export interface {record.name} {{\n(.*?)^}}", text, re.M | re.S
            )
            names = re.findall(r"^  (\w+): ", body, re.M)
            self.assertEqual(names, [one.name for one in record.fields])
            for field in record.fields:
                self.assertIn(" ".join(field.meaning.split()), body)

    def test_every_value_of_an_enumeration_is_there_with_its_meaning(self) -> None:
        text = self.texts["enums.ts"]
        for name, values in self.sources._model.enumerations.items():
            (body,) = re.findall(rf"^export const {name} = {{\n(.*?)^}}", text, re.M | re.S)
            for value in values:
                self.assertIn(f"{value.name}: ", body)
                self.assertIn(" ".join(value.meaning.split()), body)

    def test_every_request_is_a_method_that_gives_what_it_should(self) -> None:
        gives = dict(
            re.findall(r"^  (\w+)\(.*\): Promise<(.*)>;$", self.texts["requests.ts"], re.M)
        )
        asks = self.sources._model.requests
        mine = self.sources._own.requests
        names = [*(one.name for one in asks), *(one.name for one in mine)]
        self.assertEqual(list(gives), names)
        self.assertEqual(gives["ReqQryInstrument"], "structs.Instrument[]")
        self.assertEqual(gives["ReqOrderInsert"], "SentOrder")
        self.assertEqual(gives["ReqUserPasswordUpdate"], "structs.UserPasswordUpdate | null")
        self.assertEqual(gives["QryInstruments"], "own.FoundInstrument[]")
        self.assertEqual(gives["QryTicks"], "structs.DepthMarketData[]")

    def test_every_message_is_there(self) -> None:
        text = self.texts["messages.ts"]
        names = [one.name for one in self.sources._model.messages]
        for name in (*names, *(one.name for one in self.sources._own.messages)):
            self.assertIn(f"\n  {name}: ", text)

    def test_what_the_runtime_reads_by_rules_and_lists_is_what_the_catalogue_says(self) -> None:
        text = self.texts["wire.ts"]
        keys = dict(re.findall(r'^  (\w+): "(\w*)",$', text, re.M))
        lists = {
            name: re.findall(r'"(\w+)"', body)
            for name, body in re.findall(
                r"^export const (\w+): readonly.*? = \[(.*?)\];", text, re.M | re.S
            )
        }
        listed = {
            "TEXTS": Kind.TEXT,
            "CALLS": Kind.CALL,
            "ORDERS": Kind.ORDER,
            "SUBMITTED": Kind.SUBMITTED,
            "SUBSCRIPTIONS": Kind.SUBSCRIPTION,
        }
        for ask in self.sources._model.requests:
            self.assertEqual(keys.get(ask.name, ask.name.removeprefix("Req")), ask.body_key)
            rule = Kind.QUERY if re.match("(?:Req)?Qry", ask.name) else Kind.ANSWERED
            kinds = [kind for name, kind in listed.items() if ask.name in lists[name]]
            self.assertEqual(kinds or [rule], [ask.kind], ask.name)
        for mine in self.sources._own.requests:
            self.assertEqual(keys.get(mine.name, mine.name.removeprefix("Req")), mine.body_key)
            self.assertEqual(bool(re.match("(?:Req)?Qry", mine.name)), mine.is_query, mine.name)
            is_of_market = mine.name in lists["OF_MARKET"]
            self.assertEqual(mine.services == ("md",), is_of_market, mine.name)

    def test_a_file_that_was_edited_is_found_and_one_of_another_binding_is_named(self) -> None:
        folder = Path(self.mktemp())
        path = folder / FOLDER / "wire.ts"
        path.parent.mkdir(parents=True)
        path.write_text(self.texts["wire.ts"] + " ", "utf-8")
        version = self.sources._model.version
        made = {path: self.texts["wire.ts"]}
        wanted = f"{FOLDER.as_posix()}/wire.ts differs from what the code makes"
        self.assertEqual(compared(folder, version, made), ([wanted], []))
        path.write_text(self.texts["wire.ts"].replace(version, "1.2.3"), "utf-8")
        differences, left_out = compared(folder, version, made)
        self.assertEqual((differences, len(left_out)), ([], 1))
        self.assertIn("openctp-ctp 1.2.3", left_out[0])

    def test_meanings_are_quoted_as_comments_can_hold_them(self) -> None:
        for name, text in self.texts.items():
            comments = re.findall(r"/\*\*.*?\*/", text, re.S)
            self.assertEqual(text.count("/**"), len(comments), name)
            self.assertEqual(text.count("*/"), len(comments), name)
