"""The made modules of ``clients/python``, against the catalogue and the gateway's own messages."""

import ast
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests import clients
from webctp.commands.clients.model import LOGINS, Kind
from webctp.commands.clients.ownmodel import BODIES_OF_CTP, OWN_BODIES
from webctp.commands.clients.python import FOLDER, Sources
from webctp.ctp import binding
from webctp.ctp.catalog import Shape

ROOT: Final = Path(clients.__file__).resolve().parents[2]


def classes(name: str) -> dict[str, ast.ClassDef]:
    """Return the classes of a made module."""
    tree = ast.parse((ROOT / FOLDER / name).read_text("utf-8"))
    return {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}


class Made(SynchronousTestCase):
    """What is committed."""

    def test_is_what_the_code_makes(self) -> None:
        differences, _ = Sources(ROOT).compared()
        self.assertEqual(differences, [], "run `python -m webctp docs`")

    def test_a_module_that_was_edited_is_found(self) -> None:
        folder = Path(self.mktemp())
        sources = Sources(folder)
        (folder / FOLDER).mkdir(parents=True)
        for path, text in sources.made().items():
            path.write_text(text, "utf-8")
        self.assertEqual(sources.compared(), ([], []))
        edited = folder / FOLDER / "structs.py"
        edited.write_text(edited.read_text("utf-8").replace("LastPrice", "Price"), "utf-8")
        self.assertEqual(
            sources.compared()[0],
            [f"{FOLDER.as_posix()}/structs.py differs from what the code makes"],
        )

    def test_one_made_from_another_binding_is_not_compared_but_named(self) -> None:
        folder = Path(self.mktemp())
        sources = Sources(folder)
        (folder / FOLDER).mkdir(parents=True)
        loaded = f"openctp-ctp {binding.load().version}"
        for path, text in sources.made().items():
            path.write_text(text.replace(loaded, "openctp-ctp 1.2.3"), "utf-8")
        differences, left_out = sources.compared()
        self.assertEqual(differences, [])
        self.assertEqual(len(left_out), 5)
        self.assertIn("openctp-ctp 1.2.3", left_out[0])


class Contents(SynchronousTestCase):
    """What a client can ask, and what it is told."""

    def setUp(self) -> None:
        self.model = Sources(ROOT)._model
        loaded = binding.load()
        self.catalogues = (loaded.trading, loaded.market)

    def test_every_request_is_a_method_of_both_faces(self) -> None:
        wanted = {
            name
            for catalogue in self.catalogues
            for name in catalogue.methods
            if not name.startswith(LOGINS)
        }
        for module, face in (("asking.py", "Requests"), ("blocking.py", "BlockingRequests")):
            made = Sources(ROOT).made()[ROOT / FOLDER / module]
            tree = ast.parse(made)
            (one,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
            self.assertEqual(one.name, face)
            names = {
                node.name
                for node in one.body
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
            self.assertEqual(wanted - names, set())

    def test_every_request_of_the_gateways_own_is_a_method(self) -> None:
        names = {one.name for one in Sources(ROOT)._own.requests}
        self.assertLessEqual({*OWN_BODIES, *BODIES_OF_CTP}, names)
        self.assertLessEqual({"ReqQryBar", "SubscribePortfolio", "PreviewOrder", "Kill"}, names)

    def test_every_struct_of_a_message_has_all_fields_and_meanings(self) -> None:
        records = {one.name: one for one in self.model.records}
        for catalogue in self.catalogues:
            for callback in catalogue.callbacks.values():
                if callback.struct is None:
                    continue
                struct = catalogue.struct(callback.struct)
                shown = [one.name for one in records[struct.key].fields]
                self.assertEqual(
                    shown, [one.name for one in struct.fields if not one.reserved], struct.name
                )
                meanings = {one.name: one.meaning for one in records[struct.key].fields}
                for field in struct.fields:
                    if not field.reserved:
                        self.assertIn(field.meaning, meanings[field.name])

    def test_secrets_are_marked(self) -> None:
        marked = {
            (record.name, field.name)
            for record in self.model.records
            for field in record.fields
            if field.is_secret
        }
        self.assertLessEqual(
            {
                ("UserPasswordUpdate", "OldPassword"),
                ("UserPasswordUpdate", "NewPassword"),
                ("ReqAuthenticate", "AuthCode"),
                ("ReqTransfer", "BankPassWord"),
                ("CFMMCTradingAccountToken", "Token"),
            },
            marked,
        )

    def test_kinds_follow_the_catalogue(self) -> None:
        kinds = {one.name: one.kind for one in self.model.requests}
        self.assertIs(kinds["ReqQryInstrument"], Kind.QUERY)
        self.assertIs(kinds["ReqOrderInsert"], Kind.ORDER)
        self.assertIs(kinds["ReqUserPasswordUpdate"], Kind.ANSWERED)
        self.assertIs(kinds["ReqFromBankToFutureByFuture"], Kind.SUBMITTED)
        self.assertIs(kinds["GetTradingDay"], Kind.TEXT)
        self.assertIs(kinds["SubscribeMarketData"], Kind.SUBSCRIPTION)
        for catalogue in self.catalogues:
            for method in catalogue.methods.values():
                if method.shape is Shape.SUBMIT:
                    self.assertIs(kinds[method.name], Kind.CALL)

    def test_values_of_enumerations_are_identifiers(self) -> None:
        for name, values in self.model.enumerations.items():
            for value in values:
                self.assertTrue(value.name.isidentifier(), f"{name}.{value.name}")
        directions = {one.name: one.value for one in self.model.enumerations["Direction"]}
        self.assertEqual(directions, {"Buy": "0", "Sell": "1"})
