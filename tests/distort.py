"""Randomly corrupted facts, for the fuzzer and for tests.

A distortion changes the values in a file (dropped, doubled, swapped, nested or of another type) or its text (lines and
characters). The only requirement is that the pipeline returns problems or pages.
"""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import yaml

from briefing.compile import Inputs, Outcome, compile
from briefing.problems import Problem, has_errors
from briefing.reporting.explanations import explanations

# Replacement values: limits of ranges, other types, and names with a meaning elsewhere.
ODD_TEXTS = (
    *("", " ", "\n", "no", "null", "~", "0", "-1", "1", "1e3", ".inf", "nan", "0x1F", "1_000", "9" * 20, "9" * 5000),
    *("1971", "198X", "19XX", "2024-12", "2025-02-30", "../2015", "2015/", "2016/2010", "-0044", "0000", "0000-01-01"),
    *("9999-12-31", "Y12000", "Y-170000002", "Y999999999999", "1971~", "2001-24", "9999/..", "-9999"),
    *("a", "A", "a-b", "a--b", "a:1", "a:1.1", "account:1", "account:9999999", "account:1.1", "museum", "index", "f"),
    *("con", "..", "../x", "a/b", "%2f", "f/sinking", "places#stockholm", "ä", "ﬁ", "ſ", "İ", "ß", "١٩٧١", "²"),
    *("\u200b", "\u202e", "\u0301", "\u2028", "\x85", "\ufeff", "\x07", "\U0001f6a2", "'", '"', '"', "“", "“x”", "%"),
    *("<b>", "{{ x }}", "{% x %}", "|", "# x", "- x", "&a", "*a", "!x", "[", "{", "a: b", "a" * 3000, "a " * 3000),
    *("twenty-five per cent", "1,300 metres", "first", "per cent", "the the", "x-", "1980s", "20-year", "1st"),
    *("https://a.example/", "javascript:x", "https://a.example/\u202e", "https://[", "http://a.example:99999/"),
)
_BREAKS = (
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\x00",
    "\x85",
    "\u2028",
    ":",
    "- ",
    "#",
    "'",
    '"',
    "[",
    "}",
    "|",
    ">-",
    "---",
)


# Fields that the Vasa briefing does not use. They are added to the first record of a file, or as a new record.
_FURTHER: dict[str, Any] = {
    "facts/briefing.yml": {
        "format": "1",
        "language": "en-GB",
        "messages": {"Information as of": "State of knowledge"},
        "license": {"name": "CC-BY-4.0", "url": "https://licence.example/"},
        "ages": [{"of": "report", "months": "240"}],
        "evidence_for": ["date", "number"],
        "evidence": dict.fromkeys(("report", "analysis", "forecast", "position", "accusation", "text"), "none"),
        "allowed": [{"text": "briefing", "because": "a word of a page"}],
        "moved": {"f/sunk": "f/sinking", "actors/hybertsson": "actors/henrik-hybertsson"},
    },
    "facts/places.yml": [
        {"id": "voyage", "name": "Voyage", "kind": "route", "line": [["59.32", "18.08"], ["59.33", "18.1"]]},
        {"id": "fairway", "name": "Fairway", "kind": "route", "aliases": ["Approach"], "note": "Far off."}
        | {"line": [["10", "179"], ["12", "-179"]]}
        | {"standing": {"how": "planned", "as_of": "2020", "review_by": "2030", "rests_on": ["sinking"]}},
    ],
    "facts/topics/afterlife.yml": {"map": ["voyage", "fairway"]},
}
_SEEN = {"date": "2026-02-02", "form": "archived copy"}
_PINNED = {"source": "account", "part": "10", "quote": "expect the hull to settle", "seen": _SEEN}
_QUOTED = {
    "source": "museum",
    "quote": "Konservatorerna väntar att skrovet sätter sig",
    "prefix": "Välkommen!",
    "suffix": "under åren",
    "translation": "The conservators expect the hull to settle further",
    "seen": _SEEN,
}
_FURTHER_OF_FACTS: dict[str, dict[str, Any]] = {
    "guns-recovered": {"as_of": "2020-01", "review_by": "2031", "note": "Counted in the account."},
    "wreck-found": {"retired": "It is told elsewhere."},
    "raised": {"refines": ["sinking"], "disputes": ["order"], "because": "The account says so."}
    | {"consequence": "misleads"},
    "hull-settles": {"supersedes": ["deaths"], "cite": [_PINNED, _QUOTED], "from_unpinned": ["hull"]},
}


def with_every_field(facts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the facts of the Vasa briefing with the fields that it does not use."""
    values = {file: _read(data) for file, data in facts.items()}
    for file, further in _FURTHER.items():
        values[file] = values[file] + further if isinstance(further, list) else values[file] | further
    for fact in (fact for section in values["facts/topics/afterlife.yml"]["sections"] for fact in section["facts"]):
        fact.update(_FURTHER_OF_FACTS.get(fact["id"], {}))
    return {file: as_yaml(value) for file, value in values.items()}


def distorted(facts: Mapping[str, bytes], random: Random) -> dict[str, bytes]:
    """Return the files of a briefing with up to six random distortions."""
    files = dict(facts)
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        if not files:
            break
        name = random.choice(sorted(files))
        kind = random.randrange(12)
        if kind == 0:
            _move(files, name, random)
        elif kind < 4:
            files[name] = _respelt(files[name], random)
        else:
            files[name] = _changed(files[name], files, random)
    return files


def answered(inputs: Inputs) -> Outcome:
    """Compile facts, check the result, and return the outcome.

    The outcome must have either pages or errors. Each problem must have a valid position and an explained code.
    Otherwise, raise AssertionError.
    """
    outcome = compile(inputs)
    assert bool(outcome.pages) != has_errors(outcome.problems), "pages, or errors"
    for problem in outcome.problems:
        assert not problem.code.startswith("template-"), problem  # no editor wrote the templates
        stands(problem, inputs.text(problem.place.file))
    return outcome


def stands(problem: Problem, text: str | None) -> None:
    """Assert that a problem's position is within ``text`` (None if the file is missing) and its code is explained."""
    assert problem.code in explanations(), problem
    assert problem.message, problem
    _, line, column, end_line, end_column = problem.place
    lines = re.split("\r\n|[\n\r\x85]", text or "")
    assert (1, 1) <= (line, column) <= (end_line, end_column), problem
    assert line <= len(lines), problem
    assert column <= len(lines[line - 1]) + 1, problem


def _move(files: dict[str, bytes], name: str, random: Random) -> None:
    """Remove a file, or give it the name of another file or an unknown name."""
    data = files.pop(name)
    odd = ("facts/x.yml", "facts/topics/Con.yml", "facts/topics/ä.yml", "facts/topics/index.yml", "facts/pins/x.yaml")
    other = random.choice(["", *sorted(files), *odd, name.replace("facts/", "facts/topics/")])
    if other:
        files[other] = data


def _respelt(data: bytes, random: Random) -> bytes:
    """Drop, double or change characters, lines or bytes."""
    text = data.decode("utf-8", errors="replace")
    lines = text.splitlines(keepends=True)
    start = random.randrange(len(text) + 1)
    kind = random.randrange(8)
    if kind == 0:
        return data[:start] + bytes([random.randrange(256)]) + data[start + random.randrange(2) :]
    if kind == 1:
        return data[:start]
    if kind == 2:
        text = text.replace("\n", random.choice(_BREAKS))
    elif kind < 5 or not lines:
        text = text[:start] + random.choice((*_BREAKS, *ODD_TEXTS)) + text[start + random.randrange(3) :]
    else:
        number = random.randrange(len(lines))
        line = lines[number]
        instead = (["", line * 2, f" {line}", line.lstrip(), line[1:], line.replace(": ", ":", 1)])[random.randrange(6)]
        text = "".join([*lines[:number], instead, *lines[number + 1 :]])
    return text.encode()


def _changed(data: bytes, files: Mapping[str, bytes], random: Random) -> bytes:
    """Replace, add or remove a value in the file."""
    value = _read(data)
    places = list(_places(value))
    if not places:
        return as_yaml(_odd(random))
    holder, key = random.choice(places)
    held = holder[key]
    kind = random.randrange(9)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        holder[key] = random.choice((held, [held], [held, held], {"x": held}, {"id": held, "says": [held]}))
    elif kind == 2 and isinstance(holder, list):
        holder.insert(random.randrange(len(holder) + 1), held)
    elif kind == 3 and isinstance(holder, list):
        random.shuffle(holder)
    elif kind < 6:  # a value from elsewhere
        elsewhere = _read(files[random.choice(sorted(files))])
        others = list(_places(elsewhere))
        if others:
            other, other_key = random.choice(others)
            if isinstance(holder, dict) and isinstance(other, dict):
                holder[random.choice((key, other_key))] = other[other_key]
            else:
                holder[key] = other[other_key]
    elif kind == 6 and isinstance(held, str):
        start = random.randrange(len(held) + 1)
        holder[key] = held[:start] + random.choice(ODD_TEXTS) + held[start + random.randrange(3) :]
    else:
        holder[key] = _odd(random)
    return as_yaml(value)


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        """Write repeated values in full."""
        return True


def _odd(random: Random) -> object:
    text = random.choice(ODD_TEXTS)
    makers: tuple[Callable[[], object], ...] = (
        list,
        dict,
        lambda: [text],
        lambda: {text: text},
        lambda: [[], {}, [[]]],
    )
    return random.choice(makers)() if random.randrange(4) == 0 else text


def _read(data: bytes) -> Any:
    try:
        return yaml.load(data, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, TypeError):  # the file has already been corrupted
        return None


def as_yaml(value: object) -> bytes:
    """Serialise a value as a YAML file."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100).encode()


def _places(value: Any) -> Any:
    """Yield every item in lists and maps, as its container and its index or key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
