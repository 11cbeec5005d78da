"""Write the package's bill of materials as CycloneDX JSON: its dependencies in their pinned versions, with licences,
and the files copied into the package (``vendored.cdx.json``).

The output is reproducible, and dated by SOURCE_DATE_EPOCH if it is set.
"""

import argparse
import json
import string
import subprocess
import sys
from importlib.metadata import metadata, requires
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cyclonedx.schema import SchemaVersion
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rfc3986_validator import validate_rfc3986

from briefing.project.scaffold import DISTRIBUTION

ROOT = Path(__file__).parent.parent
VERSION = SchemaVersion.V1_6


def is_reference(text: str) -> bool:
    """Return whether a text is an address or a part of one, as RFC 3987 defines it.

    An international address is checked as the ASCII address that it stands for (section 3.1).
    """
    return bool(validate_rfc3986(quote(text, safe=string.printable), rule="URI_reference"))


def main() -> None:
    """Write the bill to a file, or to standard output if no file is given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("to", nargs="?", default="-", help="the file to write (default: standard output)")
    to = parser.parse_args().to
    # jsonschema would parse each address with a general grammar, which takes seconds to build and as long to use.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from cyclonedx.validation.json import JsonStrictValidator
    from jsonschema import Draft7Validator

    Draft7Validator.FORMAT_CHECKER.checks("iri-reference")(is_reference)
    made = json.dumps(bill(), ensure_ascii=False, indent=1) + "\n"
    if fault := JsonStrictValidator(VERSION).validate_str(made):
        sys.exit(str(fault))
    if to == "-":
        sys.stdout.write(made)
    else:
        Path(to).write_text(made, encoding="utf-8")


def bill() -> dict[str, Any]:
    """Return the packages that cyclonedx-py finds here and that ours needs; ``optional`` if only extras need them."""
    tool = [Path(sys.executable).parent / "cyclonedx-py", "environment", "--no-validate", "--output-reproducible"]
    command = [*tool, "--short-PURLs", "--sv", VERSION.to_version(), sys.executable]
    listed: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    parts = {canonicalize_name(part["name"]): part for part in listed["components"]}
    always = needs(DISTRIBUTION, set())
    graph = needs(DISTRIBUTION, set(metadata(DISTRIBUTION).get_all("Provides-Extra", [])))
    root = parts[DISTRIBUTION]
    root.pop("externalReferences", None)  # the path of this checkout
    root["components"] = json.loads((ROOT / "vendored.cdx.json").read_text(encoding="utf-8"))["components"]
    listed["metadata"]["component"] = root
    listed["components"] = [
        {**part, "scope": "required" if name in always else "optional"}
        for name, part in parts.items()
        if name in graph and part is not root
    ]
    listed["dependencies"] = [
        {"ref": parts[name]["bom-ref"], "dependsOn": sorted(parts[one]["bom-ref"] for one in on)}
        for name, on in sorted(graph.items())
    ]
    return listed


def needs(package: str, extras: set[str]) -> dict[str, set[str]]:
    """Return the direct dependencies on this machine of a package and of everything that it needs."""
    graph: dict[str, set[str]] = {}
    waiting = [(canonicalize_name(package), extras)]
    while waiting:
        name, extras = waiting.pop()
        wanted = [
            one
            for one in map(Requirement, requires(name) or ())
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras or {""})
        ]
        found = {canonicalize_name(one.name) for one in wanted}
        if name not in graph or not found <= graph[name]:
            graph[name] = graph.get(name, set()) | found
            waiting += [(canonicalize_name(one.name), set(one.extras)) for one in wanted]
    return graph


if __name__ == "__main__":
    main()
