"""The whole pipeline: any input gives pages or problems, results are reproducible, and text is always escaped."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from random import Random
from typing import Any

import markdown
import pytest
import yaml
from distort import ODD_TEXTS, answered, as_yaml, distorted, with_every_field
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from support import ROOT, TODAY, VASA

from briefing.compile import Inputs, Outcome, compile
from briefing.model import routes
from briefing.model.records import Record
from briefing.model.review_dates import review_by
from briefing.project.reader import read_inputs

pytestmark = pytest.mark.site

# Hypothesis cannot shrink what a seed has drawn.
OFTEN = settings(max_examples=60, phases=[Phase.explicit, Phase.generate])
SELDOM = settings(OFTEN, max_examples=6)
randoms = st.integers(0, 2**32).map(Random)

EXTENSIONS = yaml.safe_load(re.sub(r"!\w+", "", (ROOT / "mkdocs.yml").read_text()))["markdown_extensions"]
NAMES = [extension if isinstance(extension, str) else next(iter(extension)) for extension in EXTENSIONS]


@cache
def full() -> Inputs:
    """The Vasa briefing with every field that a record may have."""
    vasa = read_inputs(VASA, TODAY)
    return replace(vasa, facts=with_every_field(vasa.facts))


FILES = [
    *("facts/briefing.yml", "facts/sources.yml", "facts/actors.yml", "facts/places.yml", "facts/glossary.yml"),
    *("facts/topics/loss.yml", "facts/topics/afterlife.yml", "facts/topics/new.yml", "facts/pins/account.yml"),
]


def test_sample_briefing_uses_every_field() -> None:
    assert answered(full()).pages
    written = b"\n".join(full().facts.values()).decode()
    for kind in [kind for kind in _kinds(Record) if kind.__module__ == Record.__module__]:
        for name, field in kind.model_fields.items():
            found = re.search(rf"\b{field.alias or name}:", written)
            assert found, (kind, name)


def _kinds(kind: type[Record]) -> list[type[Record]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _kinds(child))]


@OFTEN
@given(name=st.sampled_from(FILES), data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(name="facts/topics/new.yml", data=b"")
@example(name="facts/briefing.yml", data=b"\xff\xfe")
@example(name="facts/places.yml", data=b"? [a]\r: b\r\x00")
def test_any_bytes_in_any_file_give_pages_or_problems(name: str, data: bytes) -> None:
    answered(replace(full(), facts={**full().facts, name: data}))


values = st.recursive(
    st.sampled_from(ODD_TEXTS) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ODD_TEXTS) | st.text(), inner),
    max_leaves=8,
)


@OFTEN
@given(name=st.sampled_from(FILES), value=values)
def test_any_values_in_any_file_give_pages_or_problems(name: str, value: object) -> None:
    answered(replace(full(), facts={**full().facts, name: as_yaml(value)}))


@OFTEN
@given(random=randoms)
def test_distorted_facts_give_pages_or_problems(random: Random) -> None:
    answered(replace(full(), facts=distorted(full().facts, random)))


LINE = "  line:\n  - - '59.32'\n    - '18.08'\n  - - '59.33'\n    - '18.1'\n"
AGES = "- of: report\n  months: '240'\n"
HUGE = "9" * 5000


@pytest.mark.parametrize(
    ("file", "was", "now", "expected"),
    [
        ("sources", "count: '10'", f"count: '{HUGE}'", {"wrong-type: 'count' must be a smaller number"}),
        ("places", LINE, "  line: [[1, 2, 3], [1, 2]]\n", {"wrong-type: a point needs a latitude and a longitude"}),
        ("places", LINE, "  line: [[1], [1, 2]]\n", {"wrong-type: a point needs a latitude and a longitude"}),
        ("places", LINE, "  line: [[1, 2]]\n", {"wrong-type: a route needs at least two points"}),
        (
            "places",
            LINE,
            "  line: [[1e308, 2], [1, 2]]\n",
            {"wrong-type: 'line' must be a number"},
        ),
        ("places", LINE, "  line: [[90, 180], [-90, -180]]\n", set()),
        ("places", LINE, "  line: [[0, 0], [90, 180], [-90, -180], [1, 1]]\n", set()),
        ("briefing", AGES, "- {of: report, months: 2, x: 1}\n", {"unknown-field: an entry of 'ages' has no field 'x'"}),
        ("briefing", AGES, "- {of: rumour, months: 2}\n", {"unknown-value: invalid value 'rumour' for 'of'"}),
        (
            "briefing",
            AGES,
            "- {of: report, months: 99999999}\n",
            {"out-of-range: 'months' must be at most 1200, not 99999999"},
        ),
        (
            "topics/afterlife",
            "'1990'",
            "9999-12\n    derived: Ten years after 9989",
            {"date-mismatch: the sentence has 'in 1990', but 'when' is December 9999"},
        ),
        ("briefing", "cutoff: '2026-11-01'\n", "cutoff: '-0044'\n", set()),
    ],
)
def test_inputs_that_once_broke_the_pipeline(file: str, was: str, now: str, expected: set[str]) -> None:
    name = f"facts/{file}.yml"
    text = full().facts[name].decode()
    assert text.count(was) == 1
    outcome = answered(replace(full(), facts={**full().facts, name: text.replace(was, now).encode()}))
    assert {
        f"{problem.code}: {problem.message}" for problem in outcome.problems if problem.severity == "error"
    } == expected


def test_route_along_antimeridian_is_split() -> None:
    text = full().facts["facts/places.yml"].decode().replace(LINE, "  line: [[9, 180], [-9, -180]]\n")
    outcome = compile(replace(full(), facts={**full().facts, "facts/places.yml": text.encode()}))
    (data,) = (file.data for file in outcome.files if file.path.endswith(".geojson"))
    route = next(feature for feature in json.loads(data)["features"] if feature["id"] == "voyage#route")
    assert route["geometry"]["coordinates"] == [[[180, 9], [180, 9]], [[-180, 9], [-180, -9]]]


def test_no_review_date_after_year_9999() -> None:
    text = (
        full()
        .facts["facts/topics/afterlife.yml"]
        .decode()
        .replace("kind: forecast\n", "kind: forecast\n    as_of: 9999-12\n")
    )
    briefing = compile(replace(full(), facts={**full().facts, "facts/topics/afterlife.yml": text.encode()})).briefing
    fact = briefing.fact_by_id["hull-settles"]
    assert fact.as_of
    assert review_by(briefing, fact) is None


@cache
def _read_by_readers_of_full() -> dict[str, tuple[object, ...]]:
    return _read_by_readers(full())


def _read_by_readers(inputs: Inputs) -> dict[str, tuple[object, ...]]:
    """Return each page without line numbers of records and without the content hash."""
    outcome = compile(inputs)
    assert outcome.edition
    digest = outcome.edition.digest
    return {
        page.path: (re.sub(r"(?<=, line )\d+", "", page.body.replace(digest, "")), page.head["title"], page.leads_to)
        for page in outcome.pages
    }


def _shuffled(value: Any, random: Random) -> Any:
    """Return a value with its fields in random order."""
    if isinstance(value, list):
        return [_shuffled(item, random) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _shuffled(value[key], random) for key in random.sample(list(value), len(value))}


@SELDOM
@given(random=randoms)
def test_order_of_files_records_and_fields_does_not_matter(random: Random) -> None:
    facts = {}
    for name in random.sample(list(full().facts), len(full().facts)):
        value = yaml.load(full().facts[name], Loader=yaml.CBaseLoader)
        # The order of sources, actors, places and terms in their files has no effect.
        if isinstance(value, list):
            random.shuffle(value)
        facts[name] = as_yaml(_shuffled(value, random))
    turned = replace(full(), facts=facts)
    assert _read_by_readers(turned) == _read_by_readers_of_full()


@SELDOM
@given(random=randoms)
def test_compiling_twice_gives_identical_output(random: Random) -> None:
    inputs = replace(full(), facts=distorted(full().facts, random))
    one, other = compile(inputs), compile(replace(inputs, facts=dict(reversed(list(inputs.facts.items())))))
    assert (one.problems, one.pages, one.files) == (other.problems, other.pages, other.files)


class _Read(HTMLParser):
    """A page as a browser parses it: text, tags and attribute values."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


payloads = st.lists(
    st.sampled_from(
        [
            *("<script>alert()</script>", '"><img src=x onerror=alert()>', "<!--", "]]>", "&lt;", "&gt;", "</a>"),
            *(
                "{{ x*x }}",
                "{% x %}",
                "{#",
                "#}",
                "{ .c }",
                "{: #i }",
                "[a](b)",
                "![a](b)",
                "[^a]",
                "*[A]: b",
                "`",
                "```",
            ),
            *(
                "**b**",
                "_i_",
                "~~s~~",
                "==m==",
                "^^",
                "|",
                "\\",
                "\\*",
                "#",
                ">",
                "-",
                "+",
                "1.",
                "!!!",
                "???",
                "---",
                ":::",
            ),
            *(
                "<https://a.example/>",
                "https://a.example/",
                "javascript:alert()",
                "www.a.example",
                "$x$",
                "''",
                '"',
                "\u202e",
            ),
        ]
    )
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "N"]), min_size=1, max_size=6),
    min_size=1,
    max_size=3,
).map(" ".join)


def _marked(value: Any, mark: Callable[[str], str]) -> Any:
    """Return a value with ``mark`` applied to every prose text."""
    prose = {"says", "title", "asks", "note", "because", "basis", "would_change", "known", "looked_for", "explains"}
    prose |= {"derived", "retired", "publisher", "author"}
    lists = {"columns", "cells"}
    if isinstance(value, list):
        return [_marked(item, mark) for item in value]
    if not isinstance(value, dict):
        return value
    changed: dict[str, Any] = {}
    for key, item in value.items():
        if key in prose and isinstance(item, str):
            changed[key] = mark(item)
        elif key in lists and isinstance(item, list):
            changed[key] = [mark(one) if isinstance(one, str) else _marked(one, mark) for one in item]
        elif key == "not_used":  # only in pinned sources
            continue
        elif (key == "kind" and "position" in value) or (
            key == "name" and "kind" in value
        ):  # a place's kind is free text
            changed[key] = mark(item)
        else:
            changed[key] = _marked(item, mark)
    return changed


LETTERS = str.maketrans("0123456789", "abcdefghij")  # a number would need support in a source


def _with_tails(payload: str) -> tuple[list[str], Outcome, dict[str, _Read]]:
    """Add a unique suffix to each prose text. Return the texts, the outcome and the parsed pages."""
    texts: list[str] = []

    def mark(text: str) -> str:
        texts.append(text)
        return f"{text} ⟦{str(len(texts) - 1).translate(LETTERS)}⟧{payload}⟦/⟧"

    facts = {
        name: as_yaml(_marked(yaml.load(data, Loader=yaml.CBaseLoader), mark))
        for name, data in full().facts.items()
        if not name.startswith("facts/pins/")  # no source contains the added text
    }
    outcome = compile(replace(full(), facts=facts))
    assert outcome.pages, [problem for problem in outcome.problems if problem.severity == "error"][:3]
    pages = {page.path: _Read() for page in outcome.pages}
    # Loading the extensions takes longer than most pages.
    reader = markdown.Markdown(extensions=NAMES)
    for page in outcome.pages:
        pages[page.path].feed(reader.reset().convert(page.body))
    return texts, outcome, pages


def _tags(pages: dict[str, _Read]) -> dict[str, Counter[str]]:
    """Count the tags on each page, except for maps and their lists, which depend on the width of names.

    Text in another script is in a ``bdi``. The page of checks shows the notes that the check makes on the text.
    """
    of_notes = {routes.CHECKS: {"b", "code", "span"}}
    return {
        path: Counter(tag for tag in read.tags if tag not in {"bdi", *of_notes.get(path, ())})
        for path, read in pages.items()
        if "figure" not in read.tags
    }


@cache
def _harmless_tags() -> dict[str, Counter[str]]:
    return _tags(_with_tails("harmless")[2])


@SELDOM
@given(payload=payloads)
@example(payload="<script>alert()</script> {{ x*x }} [a](b) | `c` \\ &lt; *d*")
def test_every_text_is_rendered_unchanged(payload: str) -> None:
    """Text, attributes, head and JSON contain it unchanged, and it creates no tag."""
    texts, outcome, pages = _with_tails(payload)
    assert _tags(pages) == _harmless_tags()
    met = set()
    for page in outcome.pages:
        read = pages[page.path]
        heads = [unescape(str(page.head[name])) for name in ("title", "description")]  # the theme expects HTML
        for text in (read.text, *read.attributes, *heads):
            for number, tail in re.findall(r"⟦(\w+)⟧(.*?)⟦/⟧", text, re.DOTALL):
                assert tail == payload, (page.path, number)
        met |= set(re.findall(r"⟦(\w+)⟧", read.text))
    missed = {text for number, text in enumerate(texts) if str(number).translate(LETTERS) not in met}
    assert missed == {"a word of a page"}  # shown only to editors
    for file in outcome.files:
        if file.path.endswith("json"):
            for tail in re.findall(r"⟦\w+⟧(.*?)⟦/⟧", json.dumps(json.loads(file.data), ensure_ascii=False)):
                assert json.loads(f'"{tail}"') == payload, file.path
