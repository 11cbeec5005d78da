"""The whole walk: whatever is written, it gives pages or problems, the same each time, and no text breaks out."""

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
from briefing.model.records import Record
from briefing.model.review_dates import review_by
from briefing.project.reader import read_inputs

pytestmark = pytest.mark.site

# what a seed has drawn cannot be made smaller
OFTEN = settings(max_examples=60, phases=[Phase.explicit, Phase.generate])
SELDOM = settings(OFTEN, max_examples=6)
randoms = st.integers(0, 2**32).map(Random)

EXTENSIONS = yaml.safe_load(re.sub(r"!\w+", "", (ROOT / "mkdocs.yml").read_text()))["markdown_extensions"]
NAMES = [extension if isinstance(extension, str) else next(iter(extension)) for extension in EXTENSIONS]


@cache
def full() -> Inputs:
    """The second briefing, with every field that a record may have."""
    vasa = read_inputs(VASA, TODAY)
    return replace(vasa, facts=with_every_field(vasa.facts))


FILES = [
    *("facts/briefing.yml", "facts/sources.yml", "facts/actors.yml", "facts/places.yml", "facts/glossary.yml"),
    *("facts/topics/loss.yml", "facts/topics/afterlife.yml", "facts/topics/new.yml", "facts/pins/account.yml"),
]


def test_every_field_is_there_to_be_distorted() -> None:
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
    ("file", "was", "now", "told"),
    [
        ("sources", "count: '10'", f"count: '{HUGE}'", {"wrong-type: 'count' must be a smaller number"}),
        ("places", LINE, "  line: [[1, 2, 3], [1, 2]]\n", {"wrong-type: a point is its latitude and its longitude"}),
        ("places", LINE, "  line: [[1], [1, 2]]\n", {"wrong-type: a point is its latitude and its longitude"}),
        ("places", LINE, "  line: [[1, 2]]\n", {"wrong-type: a route has two points or more"}),
        ("places", LINE, "  line: [[1e308, 2], [1, 2]]\n", {"out-of-range: '1e308' is more than 90"}),
        ("places", LINE, "  line: [[90, 180], [-90, -180]]\n", set()),
        ("places", LINE, "  line: [[0, 0], [90, 180], [-90, -180], [1, 1]]\n", set()),
        ("briefing", AGES, "- {of: report, months: 2, x: 1}\n", {"unknown-field: an age has no field 'x'"}),
        ("briefing", AGES, "- {of: rumour, months: 2}\n", {"unknown-value: 'of' cannot be 'rumour'"}),
        ("briefing", AGES, "- {of: report, months: 99999999}\n", {"out-of-range: '99999999' is more than 1200"}),
        ("topics/afterlife", "'1990'", "9999-12\n    derived: Told", set()),
        ("briefing", "cutoff: '2026-11-01'\n", "cutoff: '-0044'\n", set()),
    ],
)
def test_what_once_broke_the_walk(file: str, was: str, now: str, told: set[str]) -> None:
    name = f"facts/{file}.yml"
    text = full().facts[name].decode()
    assert text.count(was) == 1
    outcome = answered(replace(full(), facts={**full().facts, name: text.replace(was, now).encode()}))
    assert {f"{problem.code}: {problem.message}" for problem in outcome.problems if problem.severity == "error"} == told


def test_a_route_along_the_edge_of_the_map_is_cut_there() -> None:
    text = full().facts["facts/places.yml"].decode().replace(LINE, "  line: [[9, 180], [-9, -180]]\n")
    outcome = compile(replace(full(), facts={**full().facts, "facts/places.yml": text.encode()}))
    (data,) = (file.data for file in outcome.files if file.path.endswith(".geojson"))
    route = next(feature for feature in json.loads(data)["features"] if feature["id"] == "voyage#route")
    assert route["geometry"]["coordinates"] == [[[180, 9], [180, 9]], [[-180, 9], [-180, -9]]]


def test_nothing_ages_beyond_the_last_year_of_a_calendar() -> None:
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


def _read_by_readers(inputs: Inputs) -> dict[str, tuple[object, ...]]:
    """Each page's text, but for the lines where records stand and the hash of a file that has them as written."""
    outcome = compile(inputs)
    assert outcome.edition
    digest = outcome.edition.digest
    return {
        page.path: (re.sub(r"(?<=, line )\d+", "", page.body.replace(digest, "")), page.head["title"], page.leads_to)
        for page in outcome.pages
    }


def _shuffled(value: Any, random: Random) -> Any:
    """The same with its fields in another order."""
    if isinstance(value, list):
        return [_shuffled(item, random) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _shuffled(value[key], random) for key in random.sample(list(value), len(value))}


@SELDOM
@given(random=randoms)
def test_the_order_of_files_records_and_fields_does_not_matter(random: Random) -> None:
    facts = {}
    for name in random.sample(list(full().facts), len(full().facts)):
        value = yaml.load(full().facts[name], Loader=yaml.CBaseLoader)
        if isinstance(value, list):  # sources, actors, places and terms: nobody reads them in the order of their file
            random.shuffle(value)
        facts[name] = as_yaml(_shuffled(value, random))
    turned = replace(full(), facts=facts)
    assert _read_by_readers(turned) == _read_by_readers(full())


@SELDOM
@given(random=randoms)
def test_the_walk_gives_the_same_bytes_twice(random: Random) -> None:
    inputs = replace(full(), facts=distorted(full().facts, random))
    one, other = compile(inputs), compile(replace(inputs, facts=dict(reversed(list(inputs.facts.items())))))
    assert (one.problems, one.pages, one.files) == (other.problems, other.pages, other.files)


class _Read(HTMLParser):
    """A page as a browser reads it: text, tags, and what their attributes say."""

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
    """The same with every prose text changed by ``mark``."""
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
            changed[key] = [mark(one) for one in item]
        elif key == "not_used":  # of pinned sources alone
            continue
        elif (key == "kind" and "position" in value) or (key == "name" and "kind" in value):  # a place's is any text
            changed[key] = mark(item)
        else:
            changed[key] = _marked(item, mark)
    return changed


LETTERS = str.maketrans("0123456789", "abcdefghij")  # a number would have to stand in a source


def _with_tails(payload: str) -> tuple[list[str], Outcome, dict[str, _Read]]:
    """Each prose text of each record with a tail of its own: the texts, what came out, and each page read."""
    told: list[str] = []

    def mark(text: str) -> str:
        told.append(text)
        return f"{text} ⟦{str(len(told) - 1).translate(LETTERS)}⟧{payload}⟦/⟧"

    facts = {
        name: as_yaml(_marked(yaml.load(data, Loader=yaml.CBaseLoader), mark))
        for name, data in full().facts.items()
        if not name.startswith("facts/pins/")  # what is added stands in no source
    }
    outcome = compile(replace(full(), facts=facts))
    assert outcome.pages, [problem for problem in outcome.problems if problem.severity == "error"][:3]
    pages = {page.path: _Read() for page in outcome.pages}
    for page in outcome.pages:
        pages[page.path].feed(markdown.markdown(page.body, extensions=NAMES))
    return told, outcome, pages


def _tags(pages: dict[str, _Read]) -> dict[str, Counter[str]]:
    """How many there are on each page; a map's, and the list below it, hang on which names have room on it."""
    return {path: Counter(read.tags) for path, read in pages.items() if "figure" not in read.tags}


@cache
def _harmless_tags() -> dict[str, Counter[str]]:
    return _tags(_with_tails("harmless")[2])


@SELDOM
@given(payload=payloads)
@example(payload="<script>alert()</script> {{ x*x }} [a](b) | `c` \\ &lt; *d*")
def test_every_text_comes_out_as_it_went_in(payload: str) -> None:
    """In text, attributes, heads and JSON it is what was written, and it makes no tag."""
    told, outcome, pages = _with_tails(payload)
    assert _tags(pages) == _harmless_tags()
    met = set()
    for page in outcome.pages:
        read = pages[page.path]
        heads = [unescape(str(page.head[name])) for name in ("title", "description")]  # the theme takes HTML
        for text in (read.text, *read.attributes, *heads):
            for number, tail in re.findall(r"⟦(\w+)⟧(.*?)⟦/⟧", text, re.DOTALL):
                assert tail == payload, (page.path, number)
        met |= set(re.findall(r"⟦(\w+)⟧", read.text))
    missed = {text for number, text in enumerate(told) if str(number).translate(LETTERS) not in met}
    assert missed == {"Raised and on show", "a word of a page"}  # the theme's to show, and said to editors alone
    for file in outcome.files:
        if file.path.endswith("json"):
            for tail in re.findall(r"⟦\w+⟧(.*?)⟦/⟧", json.dumps(json.loads(file.data), ensure_ascii=False)):
                assert json.loads(f'"{tail}"') == payload, file.path
