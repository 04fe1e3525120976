"""The commands of administrators, by the admin port: the same table as at WebSockets."""

import json
from typing import Any

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.admin.test_requests import BODIES, ROWS, TOLD, Carriers
from webctp.gateway.admin.commands import COMMANDS, PLACE, Command
from webctp.gateway.admin.desk import AdminDesk, Done
from webctp.gateway.admin.pages import AdminPages
from webctp.gateway.http.adminport import Administrator, AdminRequest
from webctp.gateway.http.head import BadHead, Head
from webctp.gateway.messages import own_admin

BY = Administrator("uid:1000", "unix")


class Pages(SynchronousTestCase):
    """Requests that are let in."""

    def setUp(self) -> None:
        self.carriers = Carriers()
        self.desk = AdminDesk()
        self.desk.add(self.carriers.all())
        self.pages = AdminPages(self.desk)

    def ask(self, verb: str, path: str, body: bytes = b"") -> dict[str, Any]:
        """Ask; return what is told."""
        head = Head(verb, path, 1, {})
        answer = self.successResultOf(self.pages(AdminRequest(head, body, BY, "en")))
        self.assertEqual(answer.status, 200)
        found: dict[str, Any] = json.loads(answer.body)
        return found

    def command(self, command: Command) -> dict[str, Any]:
        """Send a command as its path and body are."""
        fields = BODIES.get(command.name, {})
        if PLACE in command.path:
            (value,) = fields.values()
            return self.ask(command.verb, command.path.replace(PLACE, str(value)))
        return self.ask(command.verb, command.path, json.dumps(fields).encode() if fields else b"")

    def test_each_command_has_its_place_and_tells_the_same(self) -> None:
        for command in COMMANDS:
            told = self.command(command)[command.key]
            rows = command.is_query
            found = ROWS[command.name] if rows else TOLD[command.name][command.field]
            if command.bare:
                bare = [getattr(one, command.bare) for one in (found if rows else [found])]
                found = bare if rows else bare[0]
            wanted = json.loads(msgspec.json.encode(found))
            self.assertEqual(values(told), values(wanted), command.name)
            keys = keys_of(told)
            if not command.spelled:
                self.assertEqual([key for key in keys if key != key.lower()], [])
        self.assertEqual(self.carriers.reached, [(one.name, "uid:1000") for one in COMMANDS])

    def test_names_are_in_lower_case_with_words_apart(self) -> None:
        self.assertEqual(
            self.ask("POST", "/admin/reload"),
            {"reload": [{"key": "a", "old": "1", "new": "2", "in_force": True}]},
        )
        self.assertEqual(self.ask("GET", "/admin/clients")["clients"][1]["id"], 2)

    def test_what_a_path_names_is_read(self) -> None:
        reached: list[Any] = []

        def note(word: Any, by: Any) -> Done:
            reached.append(word)
            return Done(TOLD[own_admin.END_CLIENT])

        self.desk.add({own_admin.END_CLIENT: note, own_admin.END_SESSION: note})
        for path in ("/admin/clients/12/end", "/admin/sessions/9999%2F%E5%BC%A0/end"):
            self.assertEqual(self.ask("POST", path), {"ended": 1})
        self.assertEqual(
            reached, [own_admin.ClientWord(ID=12), own_admin.SessionWord(Account="9999/张")]
        )

    def test_wrong_requests_reach_nobody(self) -> None:
        for verb, path, body, status in (
            ("POST", "/admin/clients", b"", 405),
            ("GET", "/admin/clients/1/end", b"", 405),
            ("GET", "/admin/nothing", b"", 404),
            ("POST", "/admin/clients/x/end", b"", 404),
            ("POST", "/admin/clients/-1/end", b"", 404),
            ("POST", "/admin/clients/1/end", b"{}", 400),
            ("GET", "/admin/clients", b"{}", 400),
            ("POST", "/admin/drain", b'{"Second": 1}', 400),
            ("POST", "/admin/kill", b"", 400),
        ):
            head = Head(verb, path, 1, {})
            with self.assertRaises(BadHead) as caught:
                self.pages(AdminRequest(head, body, BY, "en"))
            self.assertEqual(caught.exception.status, status, (verb, path, body))
        self.assertEqual(self.carriers.reached, [])

    def test_who_names_nothing_is_told_what_lists_them(self) -> None:
        for path, lists in (
            ("/admin/clients/x/end", "GET /admin/clients"),
            (f"/admin/sessions/{'x' * 65}/end", "GET /admin/sessions"),
        ):
            with self.assertRaises(BadHead) as caught:
                self.pages(AdminRequest(Head("POST", path, 1, {}), b"", BY, "en"))
            self.assertIn(lists, caught.exception.detail)


def values(found: Any) -> Any:
    """Return values without the names of their fields."""
    match found:
        case dict():
            return [values(one) for one in found.values()]
        case list():
            return [values(one) for one in found]
        case _:
            return found


def keys_of(found: Any) -> list[str]:
    """Return the names of all fields."""
    match found:
        case dict():
            return [*found, *(key for one in found.values() for key in keys_of(one))]
        case list():
            return [key for one in found for key in keys_of(one)]
        case _:
            return []
