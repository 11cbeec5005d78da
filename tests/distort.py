"""Facts with a few things in them wrong, as no editor would think of: for the fuzzer and for tests.

A distortion changes what a file says (values dropped, doubled, swapped, nested, of another kind) or how it is written
(lines and signs). Nothing is asked of the result but that the walk answers it with problems or pages.
"""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import yaml

from briefing.compile import Inputs, Outcome, compile
from briefing.problems import Problem, has_errors
from briefing.reporting.explanations import explanations

# what a value may be instead: ends of ranges, other kinds, names with a meaning elsewhere
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


# fields that the second briefing has no need of: added to the first record of a file, or as a record
_FURTHER: dict[str, Any] = {
    "facts/briefing.yml": {
        "format": "1",
        "license": {"name": "CC-BY-4.0", "url": "https://licence.example/"},
        "ages": [{"of": "report", "months": "240"}],
        "evidence_for": ["date", "number"],
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
_FURTHER_OF_FACTS: dict[str, dict[str, Any]] = {
    "guns-recovered": {"as_of": "2020-01", "review_by": "2031", "note": "Counted in the account."},
    "wreck-found": {"retired": "It is told elsewhere."},
    "raised": {"refines": ["sinking"], "disputes": ["order"], "because": "The account says so."},
    "hull-settles": {"supersedes": ["deaths"]},
}


def with_every_field(facts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The second briefing, with the fields that it has no need of."""
    values = {file: _read(data) for file, data in facts.items()}
    for file, further in _FURTHER.items():
        values[file] = values[file] + further if isinstance(further, list) else values[file] | further
    for fact in (fact for section in values["facts/topics/afterlife.yml"]["sections"] for fact in section["facts"]):
        fact.update(_FURTHER_OF_FACTS.get(fact["id"], {}))
    return {file: as_yaml(value) for file, value in values.items()}


def distorted(facts: Mapping[str, bytes], random: Random) -> dict[str, bytes]:
    """The files of a briefing with up to six distortions, drawn from ``random``."""
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
    """What the walk makes of facts, which is held to its promises: pages or errors, each at a place that exists and
    with a code that is explained. Raises AssertionError.
    """
    outcome = compile(inputs)
    assert bool(outcome.pages) != has_errors(outcome.problems), "pages, or errors"
    for problem in outcome.problems:
        assert not problem.code.startswith("template-"), problem  # the templates are not the editor's
        stands(problem, inputs.text(problem.place.file))
    return outcome


def stands(problem: Problem, text: str | None) -> None:
    """Asserts that a problem stands in its file, of this text (None: it is missing), and that its code is explained."""
    assert problem.code in explanations(), problem
    assert problem.message, problem
    _, line, column, end_line, end_column = problem.place
    lines = re.split("\r\n|[\n\r\x85]", text or "")
    assert (1, 1) <= (line, column) <= (end_line, end_column), problem
    assert line <= len(lines), problem
    assert column <= len(lines[line - 1]) + 1, problem


def _move(files: dict[str, bytes], name: str, random: Random) -> None:
    """The file is not there, has another's name, or one that no file has."""
    data = files.pop(name)
    odd = ("facts/x.yml", "facts/topics/Con.yml", "facts/topics/ä.yml", "facts/topics/index.yml", "facts/pins/x.yaml")
    other = random.choice(["", *sorted(files), *odd, name.replace("facts/", "facts/topics/")])
    if other:
        files[other] = data


def _respelt(data: bytes, random: Random) -> bytes:
    """Signs and lines that are lost, doubled or changed; now and then bytes."""
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
    """A value of the file that is another, one more, or gone."""
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
    elif kind < 6:  # what stands elsewhere
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
        """What stands twice is written twice."""
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
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, TypeError):  # distorted before
        return None


def as_yaml(value: object) -> bytes:
    """A value as a file that says it."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100).encode()


def _places(value: Any) -> Any:
    """Every item within lists and maps, as its holder and its index or key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
