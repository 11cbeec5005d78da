"""The editor schemas for fact files, and how a real YAML language server uses them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from support import ROOT, VASA, OutcomeOf, copy_briefing, run_briefing

from briefing.compile import Inputs, check
from briefing.editing.references import RECORD_FIELDS, TOPIC_FIELDS
from briefing.exports.editor_schemas import FILES, editor_schemas

SERVER = "yaml-language-server@1.25.0"  # for VS Code and most other editors; 2.0 needs Node 22


@pytest.fixture(scope="module")
def schemas(vasa: Inputs) -> Mapping[str, Any]:
    return {name: json.loads(data) for name, data in editor_schemas(check(vasa).briefing).items()}


@pytest.mark.slow
def test_schemas_are_draft_7_and_describe_every_field(schemas: Mapping[str, Any]) -> None:
    assert set(schemas) == {"briefing", "sources", "actors", "places", "glossary", "published", "topic"}
    for schema in schemas.values():
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        assert schema["title"]
        Draft7Validator.check_schema(schema)
        for field, described in _fields(schema):
            assert len(described.get("description", "")) > 4, field
            assert "``" not in described["description"]


def _fields(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for key, part in schema.items():
            yield from part.items() if key == "properties" else ()
            yield from _fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _fields(part)


def test_reference_fields_offer_ids(schemas: Mapping[str, Any]) -> None:
    fields = [(name, part) for schema in schemas.values() for name, part in _fields(schema)]
    without = {name for name, part in fields if "#/definitions/" not in json.dumps(part)}
    assert without & (RECORD_FIELDS | TOPIC_FIELDS) == set()


@pytest.mark.parametrize(
    ("name", "value", "valid"),
    [
        ("sources", [{"id": "a", "title": 1971, "publisher": "P", "count": 3}], True),
        ("sources", [{"id": "a", "title": "T", "publisher": "P", "count": "nine"}], False),
        ("sources", [{"id": "A b", "title": "T", "publisher": "P"}], False),
        ("sources", [{"id": "a", "title": "T"}], False),
        ("sources", [{"id": "a", "title": "T", "publisher": "P", "pages": 3}], False),
        ("glossary", [{"id": "a", "name": "A", "kind": "concept", "explains": "It.", "see": "new-one"}], True),
        ("glossary", [{"id": "a", "name": "A", "kind": "concept", "explains": "It.", "see": ["b", "c"]}], True),
        ("glossary", [{"id": "a", "name": "A", "kind": "notion", "explains": "It."}], False),
        ("topic", {"title": "T", "asks": "Why?", "sections": [{"title": "S", "facts": []}]}, True),
        ("topic", {"id": "t", "title": "T", "asks": "Why?", "sections": []}, False),
        ("places", [{"id": "r", "name": "R", "kind": "route", "line": [[1, 2.5], [3, 4]]}], True),
        ("places", [{"id": "r", "name": "R", "kind": "route", "line": [[1, 2, 3]]}], False),
    ],
)
def test_values_that_a_schema_accepts(schemas: Mapping[str, Any], name: str, value: object, valid: bool) -> None:
    assert Draft7Validator(schemas[name]).is_valid(value) is valid


@pytest.mark.slow
def test_schema_command_keeps_other_settings(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / ".vscode").mkdir()
    settings = folder / ".vscode" / "settings.json"
    settings.write_text('{"editor.rulers": [120], "yaml.schemas": {"other.json": "other.yml"}}')
    assert run_briefing("schema", str(folder)).returncode == 0
    merged = json.loads(settings.read_text())
    assert merged["editor.rulers"] == [120]
    assert merged["yaml.schemas"] == {
        "other.json": "other.yml",
        **{f"./.vscode/schemas/{name}.json": pattern for name, (pattern, *_) in FILES.items()},
    }
    assert (folder / "facts" / "actors.yml").read_text() == (VASA / "facts" / "actors.yml").read_text()
    again = run_briefing("schema", str(folder))
    assert again.stdout == "the schemas are up to date\n"
    settings.write_text("{// mine\n}")
    done = run_briefing("schema", str(folder))
    assert done.returncode == 1
    assert ".vscode/settings.json:1:2: error json-syntax" in done.stderr


@pytest.mark.site
def test_committed_schemas_have_all_fields(checked: OutcomeOf) -> None:
    """The ids in them may be out of date, because they are only suggestions."""
    made = editor_schemas(checked("treaty").briefing)
    for name, data in made.items():
        kept = json.loads((ROOT / ".vscode" / "schemas" / f"{name}.json").read_text())
        fresh = json.loads(data)
        for schema in (kept, fresh):
            for part in schema["definitions"].values():
                part.pop("defaultSnippets")
        assert kept == fresh, "run: briefing schema"


@pytest.fixture(scope="module")
def server() -> list[str]:
    """The command of the real language server, installed once into a cache that git ignores."""
    folder = ROOT / ".cache" / SERVER.replace("@", "-")
    script = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node.js with npm on this machine")
    if not script.exists():
        command = [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", str(folder)]
        done = subprocess.run([*command, SERVER], capture_output=True, text=True, check=False)
        if done.returncode and os.environ.get("CI") == "true":
            pytest.fail(f"{SERVER} could not be installed: {done.stderr}")
        if done.returncode:
            pytest.skip(f"{SERVER} could not be installed on this machine")
    return [node, str(script), "--stdio"]


class Client:
    """A minimal editor that opens files and sends requests for positions (Language Server Protocol)."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.settings = json.loads((folder / ".vscode" / "settings.json").read_text())
        self.diagnostics: dict[str, list[Any]] = {}
        self.number = self.version = 0
        root = {"uri": folder.as_uri(), "name": "briefing"}
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        }
        initial = {"processId": None, "rootUri": root["uri"], "workspaceFolders": [root], "capabilities": capabilities}
        self.ask("initialize", initial)
        self.notify("initialized", {})

    def open(self, file: Path, text: str) -> list[Any]:
        """Open a file with this text and return the problems that the server reports."""
        self.version += 1  # the server caches each version
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": self.version, "text": text}
        self.diagnostics.pop(file.as_uri(), None)
        self.notify("textDocument/didOpen", {"textDocument": document})
        while file.as_uri() not in self.diagnostics:
            self._read()
        return self.diagnostics[file.as_uri()]

    def at(self, method: str, file: Path, text: str, mark: str = "|") -> Any:
        """Send a request for the position of the marker, which is removed, and return the answer."""
        before, _, after = text.partition(mark)
        self.open(file, before + after)
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        answer = self.ask(f"textDocument/{method}", {"textDocument": {"uri": file.as_uri()}, "position": place})
        self.notify("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})
        return answer

    def offered(self, file: Path, text: str) -> dict[str, Any]:
        return {item["label"]: item for item in self.at("completion", file, text)["items"]}

    def ask(self, method: str, parameters: object) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def notify(self, method: str, parameters: object) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """Return the next message. Requests from the server are answered as VS Code would."""
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has exited"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            sections = message["params"].get("items", []) if message["method"] == "workspace/configuration" else []
            answers = [self._section(item["section"]) for item in sections]
            self._send({"id": message["id"], "result": answers or None})
        return message

    def _section(self, section: str) -> Any:
        start = f"{section}."
        found = {key.removeprefix(start): value for key, value in self.settings.items() if key.startswith(start)}
        return {**found, "schemaStore": {"enable": False}} if section == "yaml" else found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_briefing(VASA, tmp_path_factory.mktemp("editor") / "vasa")
    assert run_briefing("schema", str(folder)).returncode == 0
    return folder


@pytest.fixture(scope="module")
def editor(server: list[str], folder: Path) -> Iterator[Client]:
    client = Client(server, folder)
    yield client
    client.process.kill()
    client.process.communicate()


TOPIC = """\
title: A page
asks: What for?
sections:
  - title: A heading
    facts:
      - id: a-fact
        says: Sweden built a ship.
        cite: account:1
        """


@pytest.mark.process
def test_server_accepts_valid_facts(editor: Client, folder: Path) -> None:
    for file in sorted((folder / "facts").rglob("*.yml")):
        if file.parent.name != "pins":
            assert editor.open(file, file.read_text()) == [], file


@pytest.mark.process
def test_fields_are_offered(editor: Client, folder: Path) -> None:
    offered = editor.offered(folder / "facts" / "topics" / "new.yml", f"{TOPIC}|")
    assert {"about", "by", "when", "corrects", "note"} <= set(offered)
    assert "title" not in offered
    assert offered["when"]["documentation"] == "The date of the event, in EDTF."


@pytest.mark.process
@pytest.mark.parametrize(
    ("field", "wanted", "unwanted"),
    [
        ("by: |", {"sweden", "fred-hocker"}, {"stockholm", "sinking"}),
        ("about: [|]", {"sweden", "stockholm"}, {"sinking"}),
        ("corrects: |", {"sinking"}, {"sweden"}),
        ("cite: |", {"account:"}, {"sweden"}),
        ("kind: |", {"forecast"}, {"concept"}),
    ],
)
def test_ids_are_offered(editor: Client, folder: Path, field: str, wanted: set[str], unwanted: set[str]) -> None:
    text = TOPIC.replace("        cite: account:1\n", "") if field.startswith("cite") else TOPIC
    offered = set(editor.offered(folder / "facts" / "topics" / "new.yml", text + field))
    assert wanted <= offered
    assert not unwanted & offered


@pytest.mark.process
def test_hover_shows_the_description_of_a_field(editor: Client, folder: Path) -> None:
    text = f"{TOPIC}wh|en: 1628\n"
    hover = editor.at("hover", folder / "facts" / "topics" / "new.yml", text)
    assert "The date of the event, in EDTF." in hover["contents"]["value"]


@pytest.mark.process
def test_invalid_kind_is_underlined(editor: Client, folder: Path) -> None:
    text = "- id: log\n  title: A log\n  publisher: P\n  count: nine\n  reliability: Z\n  page: 3\n"
    found = editor.open(folder / "facts" / "sources.yml", text)
    assert [(problem["range"]["start"]["line"], problem["range"]["start"]["character"]) for problem in found] == [
        (3, 9),
        (4, 15),
        (5, 2),
    ]
    assert '"integer"' in found[0]["message"]


@pytest.mark.process
def test_modeline_works_without_settings(server: list[str], tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    assert run_briefing("schema", "--modelines", str(folder)).returncode == 0
    assert run_briefing("check", str(folder)).returncode == 0
    file = folder / "facts" / "topics" / "loss.yml"
    first = file.read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../.vscode/schemas/topic.json"
    (folder / ".vscode" / "settings.json").write_text("{}")
    client = Client(server, folder)
    try:
        assert "when" in client.offered(file, f"{first}\n{TOPIC}|")
    finally:
        client.process.kill()
        client.process.communicate()
