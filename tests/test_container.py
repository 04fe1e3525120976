"""The Dockerfile and the compose file: what they promise, without Docker.

`make container` (and CI) carries the Dockerfile's steps out and runs what they make.
"""

import json
import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import yaml
from compose_spec import PyOptions
from twisted.trial.unittest import SynchronousTestCase

from webctp.config import load

ROOT: Final = Path(__file__).resolve().parent.parent
ETC: Final = ROOT / "etc"
COMPOSE: Final = (ROOT / "compose.yaml").read_text("utf-8")
dockerfile: Final = runpy.run_path(str(ROOT / "tools" / "dockerfile.py"))


class DockerfileTests(SynchronousTestCase):
    """What a container is."""

    def setUp(self) -> None:
        self.stages = dockerfile["read"](ROOT / "Dockerfile")
        self.image = self.stages[-1]

    def read(self, text: str) -> Any:
        path = Path(self.mktemp())
        path.write_text(text, "utf-8")
        return dockerfile["read"](path)

    def test_an_instruction_that_is_not_understood_is_no_step_left_out(self) -> None:
        for text in ("FROM a\nONBUILD RUN x", "RUN x", "FROM a\nENV NAME VALUE"):
            self.assertRaises(dockerfile["DockerfileError"], self.read, text)

    def test_steps_keep_where_and_as_whom_they_are_done(self) -> None:
        text = (
            "FROM a AS b\nENV X=1\nWORKDIR /w\nUSER 5\nRUN one \\\n  two\nFROM c\nCOPY --from=b x y"
        )
        first, second = self.read(text)
        (step,) = first.steps
        self.assertEqual((step.text.split(), step.folder, step.user), (["one", "two"], "/w", "5"))
        self.assertEqual(step.environment, {"X": "1"})
        (step,) = second.steps
        self.assertEqual((step.flags, step.paths), ({"from": "b"}, ["x", "y"]))

    def test_it_runs_as_a_user_that_is_not_root(self) -> None:
        user, _, group = self.image.user.partition(":")
        self.assertGreater(min(int(user), int(group)), 0)

    def test_no_base_image_moves_by_itself(self) -> None:
        for stage in self.stages:
            self.assertRegex(stage.base, r"^python:3\.\d+-slim-[a-z]+$")

    def test_what_it_copies_is_there_and_let_in(self) -> None:
        let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        for stage in self.stages:
            for step in stage.steps:
                if step.word == "COPY" and "from" not in step.flags:
                    for name in step.paths[:-1]:
                        self.assertTrue((ROOT / name).exists(), name)
                        self.assertIn(f"!{name.partition('/')[0]}", let_in)

    def test_what_is_ignored_begins_with_everything(self) -> None:
        lines = [
            line
            for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
            if not line.startswith("#")
        ]
        self.assertEqual(lines[0], "*")

    def test_no_locale_package_is_installed(self) -> None:
        for stage in self.stages:
            for step in stage.steps:
                self.assertNotRegex(step.text, r"apt|locales")

    def test_its_configuration_can_be_used_and_fits_the_image(self) -> None:
        config = load(str(ETC / "container.yaml"))
        self.assertEqual([config.port], self.image.ports)
        self.assertIn(f":{config.port}/", self.image.environment["HEALTH_URL"])
        tree = yaml.safe_load((ETC / "container.yaml").read_text("utf-8"))
        for path in (tree["ConFilePath"], tree["Journal"]["Path"]):
            self.assertFalse(os.path.isabs(path), "it counts from the volume")
        self.assertEqual([self.image.folder], self.image.volumes)


class HealthTests(SynchronousTestCase):
    """etc/health.py, as HEALTHCHECK runs it."""

    @contextmanager
    def answering(self, status: int) -> Iterator[str]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/healthz"
            finally:
                server.shutdown()
                thread.join()

    def ask(self, url: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", str(ETC / "health.py")],
            env={"HEALTH_URL": url, "http_proxy": "http://127.0.0.1:1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stderr

    def test_what_serves_is_healthy_whatever_proxy_is_set(self) -> None:
        with self.answering(200) as url:
            self.assertEqual(self.ask(url), (0, ""))

    def test_what_does_not_is_not_and_says_why(self) -> None:
        with self.answering(503) as url:
            code, told = self.ask(url)
        self.assertEqual(code, 1)
        self.assertIn("503", told)
        code, told = self.ask(url)  # nobody listens any more
        self.assertEqual(code, 1)
        self.assertIn(url, told)
        self.assertEqual(self.ask("nonsense")[0], 1)


class ComposeTests(SynchronousTestCase):
    """compose.yaml."""

    def setUp(self) -> None:
        self.compose: dict[str, Any] = yaml.safe_load(COMPOSE)
        self.services: dict[str, Any] = self.compose["services"]

    def test_it_is_a_compose_file(self) -> None:
        options = PyOptions()
        options.apply_merge = True
        options.from_yaml(COMPOSE).validate()
        for wrong in (
            COMPOSE.replace("read_only: true", "read_only: perhaps"),
            COMPOSE.replace("cap_drop: [ALL]", "cap_drop: {ALL: 1}"),
        ):
            self.assertNotEqual(wrong, COMPOSE)
            with self.assertRaises(Exception):  # noqa: B017 - the binding's own kind
                options.from_yaml(wrong).validate()

    def test_what_the_issue_names_is_there(self) -> None:
        self.assertEqual(set(self.services), {"webctp", "prometheus", "grafana", "redis"})

    def test_nothing_has_rights_that_it_does_not_need(self) -> None:
        for name, service in self.services.items():
            self.assertIs(service["read_only"], True, name)
            self.assertEqual(service["cap_drop"], ["ALL"], name)
            self.assertIn("no-new-privileges:true", service["security_opt"], name)
            self.assertNotIn("privileged", service, name)
            self.assertNotIn("cap_add", service, name)

    def test_each_is_watched(self) -> None:
        for name, service in self.services.items():
            if name != "webctp":  # the image has its own
                self.assertTrue(service["healthcheck"]["test"], name)

    def test_ports_are_for_this_machine_alone(self) -> None:
        for service in self.services.values():
            for port in service.get("ports", ()):
                self.assertRegex(port, r"^127\.0\.0\.1:\d+:\d+$")

    def test_metrics_are_reached_by_those_inside_alone(self) -> None:
        self.assertIs(self.compose["networks"]["inside"]["internal"], True)
        (listen,) = load(str(ETC / "container.yaml")).metrics_listen
        told = yaml.safe_load(self.compose["configs"]["prometheus"]["content"])
        (job,) = told["scrape_configs"]
        self.assertEqual(job["job_name"], "webctp", "the job that etc/alerts.yaml names")
        self.assertEqual(job["static_configs"], [{"targets": [f"webctp:{listen.split(':')[1]}"]}])

    def test_secrets_are_files_that_are_not_in_the_repository(self) -> None:
        for secret in self.compose["secrets"].values():
            self.assertEqual(list(secret), ["file"])
            self.assertTrue(secret["file"].startswith("./secrets/"))
        self.assertIn("/secrets/", (ROOT / ".gitignore").read_text("utf-8").splitlines())
        for service in self.services.values():
            for name in service.get("environment", {}):
                self.assertNotRegex(name, "PASSWORD$")

    def test_the_files_that_it_names_are_there(self) -> None:
        for config in self.compose["configs"].values():
            if "file" in config:
                self.assertTrue((ROOT / config["file"]).is_file(), config)
        (dashboard,) = (
            one for one in self.services["grafana"]["configs"] if one["source"] == "dashboard"
        )
        folders = yaml.safe_load(self.compose["configs"]["grafana_folders"]["content"])
        self.assertEqual(
            os.path.dirname(dashboard["target"]), folders["providers"][0]["options"]["path"]
        )
        json.loads((ETC / "grafana.json").read_text("utf-8"))

    def test_what_each_uses_is_declared(self) -> None:
        for name, service in self.services.items():
            used = [
                *(("configs", one["source"]) for one in service.get("configs", ())),
                *(("secrets", one) for one in service.get("secrets", ())),
                *(("networks", one) for one in service.get("networks", ())),
                *(("volumes", one.partition(":")[0]) for one in service.get("volumes", ())),
            ]
            for kind, one in used:
                self.assertIn(one, self.compose[kind], name)


class BusComposeTests(SynchronousTestCase):
    """etc/compose/: the pictures of docs/many-machines.md."""

    FILES = tuple(sorted((ETC / "compose").glob("*.yaml")))

    def test_they_are_compose_files_and_have_no_rights_that_they_do_not_need(self) -> None:
        self.assertEqual([one.stem for one in self.FILES], ["edges", "two-nodes"])
        for path in self.FILES:
            text = path.read_text("utf-8")
            options = PyOptions()
            options.apply_merge = True
            options.from_yaml(text).validate()
            compose = yaml.safe_load(text)
            self.assertIs(compose["networks"]["bus"]["internal"], True)
            for name, service in compose["services"].items():
                self.assertIs(service["read_only"], True, name)
                self.assertEqual(service["cap_drop"], ["ALL"], name)
                self.assertIn("no-new-privileges:true", service["security_opt"], name)
                for port in service.get("ports", ()):
                    self.assertRegex(port, r"^127\.0\.0\.1:\d+:8080$")

    def test_their_configurations_load_and_meet_on_one_redis(self) -> None:
        for path in self.FILES:
            compose = yaml.safe_load(path.read_text("utf-8"))
            known = {
                one["source"]
                for service in compose["services"].values()
                for one in service.get("configs", ())
            }
            self.assertEqual(known, set(compose["configs"]))
            published, followed = set(), set()
            for name, config in compose["configs"].items():
                loaded = load(self.written(config["content"]))
                if loaded.bus is not None:
                    published.add((loaded.bus.url, loaded.bus.name))
                else:
                    followed |= {
                        (one.partition("?")[0], one.partition("?name=")[2] or "1")
                        for one in loaded.md_front_address
                    }
                self.assertEqual((loaded.host, loaded.port), ("0.0.0.0", 8080), name)
            self.assertEqual(published, followed)

    def written(self, text: str) -> str:
        """A file of a configuration, with a password where the container has it."""
        secret, path = Path(self.mktemp()), Path(self.mktemp())
        secret.write_text("secret")
        secret.chmod(0o600)
        path.write_text(text.replace("/run/secrets/redis", str(secret.resolve())))
        return str(path)
