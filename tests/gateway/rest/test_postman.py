"""docs/openapi.yaml in Postman: converted by the very package that Postman's import is made of."""

import json
from typing import Any

import yaml
from twisted.trial.unittest import SynchronousTestCase

from tests.commands.docs.support import DOCS
from tests.npm import node


class Imported(SynchronousTestCase):
    """The collection that its import makes."""

    timeout = 600

    def setUp(self) -> None:
        self.described: dict[str, Any] = yaml.load(
            (DOCS / "openapi.yaml").read_text("utf-8"), yaml.CSafeLoader
        )
        told = node.run("postman.mjs", str(DOCS / "openapi.yaml"))
        self.requests = [json.loads(line) for line in told.splitlines()]

    def test_it_has_every_request_with_its_fields(self) -> None:
        wanted = sorted(
            (method.upper(), path)
            for path, operations in self.described["paths"].items()
            for method in operations
        )
        self.assertEqual(sorted((one["method"], one["path"]) for one in self.requests), wanted)
        self.assertGreater(len(wanted), 100)
        for one in self.requests:
            if one["method"] == "POST":
                self.assertEqual(set(one["fields"]), self.fields(one["path"]), one["path"])

    def fields(self, path: str) -> set[str]:
        """Return the fields of a request as they are described."""
        body = self.described["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        return self.properties(body["schema"])

    def properties(self, schema: dict[str, Any]) -> set[str]:
        """Return the names of a schema's properties, with those that it takes over.

        The converter leaves out what is an empty list unless it is given.
        """
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.properties(self.described["components"]["schemas"][name])
        named = schema.get("properties", {})
        found = {name for name, one in named.items() if one.get("default") != []}
        return found.union(*(self.properties(one) for one in schema.get("allOf", ())))
