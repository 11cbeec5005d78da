"""Facts in English are compared with sources in other languages.

``tests/languages`` has a briefing of true facts from a German, a Russian and a Persian text, which were written for it,
and false versions of its facts.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
import yaml
from support import ROOT, TODAY, faults

from briefing.compile import Inputs, check
from briefing.evidence.cited_texts import known_text
from briefing.evidence.languages import COMPARISONS, comparisons
from briefing.evidence.lookup import holds, is_comparable
from briefing.evidence.matching import Token, month_tokens, number_tokens
from briefing.evidence.pins import repin
from briefing.evidence.states import name_forms
from briefing.model.briefing import Briefing
from briefing.model.records import Source
from briefing.problems import Problem
from briefing.text.edtf import parse_edtf
from briefing.text.solar_hijri import solar_hijri

FOLDER = ROOT / "tests" / "languages"
LANGUAGES = {"german": "de", "russian": "ru", "persian": "fa"}
TOPIC = "facts/topics/crossings.yml"
FALSE = yaml.safe_load((FOLDER / "false.yml").read_text(encoding="utf-8"))
# How many of the false facts of each class are reported: all but the changes of meaning, which need a reader.
CAUGHT = {"number": 3, "month": 3, "year": 3, "day": 1, "magnitude": 3, "unit": 2, "name": 3, "state": 3, "ordinal": 3}


@cache
def crossings() -> Inputs:
    """Return the true facts, with pins of the texts."""
    facts = {file.relative_to(FOLDER).as_posix(): file.read_bytes() for file in FOLDER.glob("facts/**/*.yml")}
    for source_id, language in LANGUAGES.items():
        text = (FOLDER / f"{language}.txt").read_text(encoding="utf-8")
        facts[f"facts/pins/{source_id}.yml"] = pin(source_id, language, text)
    return Inputs(facts, {}, today=parse_edtf(TODAY))


def pin(source_id: str, language: str, text: str) -> bytes:
    count = len(text.splitlines())
    source = Source(id=source_id, title="T", publisher="P", language=language, unit="paragraph", count=count)
    return repin(Briefing(None), source, text).text.encode()


def found_in(inputs: Inputs) -> tuple[Problem, ...]:
    """Return the problems of the briefing, without those of records that its facts do not use."""
    return tuple(problem for problem in check(inputs).problems if not problem.code.startswith("unused-"))


def changed(inputs: Inputs, fact: str, **fields: str) -> Inputs:
    """Return the briefing with other values of some fields of a fact."""
    text = inputs.facts[TOPIC].decode()
    (record,) = re.findall(rf"(?m)^      - id: {fact}\n(?:        .*\n)+", text)
    edited = record
    for name, value in fields.items():
        edited, count = re.subn(rf"(?m)^        {name}: .*", f"        {name}: {value}", edited)
        assert count == 1, f"'{fact}' has no field '{name}'"
    return replace(inputs, facts={**inputs.facts, TOPIC: text.replace(record, edited).encode()})


@pytest.mark.slow
def test_true_facts_pass() -> None:
    problems = found_in(crossings())
    assert len(check(crossings()).briefing.facts) == 30
    assert faults(problems) == []


def reports(false: dict[str, str]) -> Iterable[Problem]:
    return faults(found_in(changed(crossings(), **{key: one for key, one in false.items() if key != "class"})))


@pytest.mark.slow
def test_false_facts_are_caught() -> None:
    assert len(FALSE) == 30
    assert Counter(one["class"] for one in FALSE if reports(one)) == CAUGHT


def is_supported(language: str, source: str, fact: str) -> bool:
    """Return whether a text has all numbers and months of a sentence, as far as they are checked."""
    text = known_text("source", [source], language)
    tokens = (*number_tokens(fact), *month_tokens(fact))
    return all(holds(text, 1, token) for token in tokens if not (token.quantity and token.quantity.is_unchecked))


@pytest.mark.parametrize(
    ("language", "source", "true", "false"),
    [
        ("de", "Anderthalb Millionen kamen in den achtziger Jahren.", "1.5 million in the 1980s", "2.5 million"),
        ("de", "Das Gesetz trat zum 1.1.2005 in Kraft.", "in force since 2005", "in force since 2006"),
        ("de", "Das Wasser stieg um 3,70 Meter.", "by 3.7 metres", "by 3.7 kilometres"),
        ("de", "Die zwanzigjährige Konzession", "the licence of 20 years", "the licence of 30 years"),
        ("ru", "подписан двадцать первого сентября 1999 года", "on 21 September 1999", "on 22 September 1999"),
        ("ru", "Высота уменьшилась за три десятилетия на 150 м.", "150 metres in 30 years", "in 40 years"),
        ("ru", "трёхнедельная выставка", "a show of three weeks", "a show of four weeks"),
        ("ru", "35 тыс. тонн", "35,000 tonnes", "35 million tonnes"),
        ("fa", "از بیستم مرداد ۱۴۰۰", "from 11 August 2021", "from 12 August 2021"),
        ("fa", "۱/۸ میلیون بشکه", "1.8 million barrels", "1.8 billion barrels"),
        ("fa", "یک و نیم میلیارد دلار در تابستان", "1.5 billion dollars", "1.5 billion euros"),
        ("fr", "près de 45 000 personnes au mois d’août 2004", "45,000 in August 2004", "45,000 in July 2004"),
        ("es", "A principios de los años ochenta", "in the 1980s", "in the 1970s"),
        ("it", "circa diecimila soldati", "about 10,000 soldiers", "about 100,000 soldiers"),
        ("ar", "خرج نحو عشرين ألف شخص في تشرين الأول ١٩٧٣", "20,000 in October 1973", "20,000 in November 1973"),
        ("uk", "У січні 2015 року четвертий блок", "the fourth unit in January 2015", "the fifth unit"),
    ],
)
def test_numbers_and_dates_are_compared(language: str, source: str, true: str, false: str) -> None:
    assert is_supported(language, source, true)
    assert not is_supported(language, source, false)


@pytest.mark.parametrize(
    ("language", "source", "name", "other"),
    [
        ("de", "Johann Meissners Schiff", "Johann Meissner", "Klara Brückner"),
        ("de", "die schwedische Regierung", "Sweden", "Norway"),
        ("de", "in den Vereinigten Staaten", "United States", "Canada"),
        ("ru", "вместе с Ольгой Крыловой", "Ольга Крылова", "Ольга Павлова"),
        ("ru", "Павла Бородина", "Павел Бородин", "Павел Воронин"),
        ("ru", "в Новой Ладоге", "Новая Ладога", "Старая Ладога"),
        ("ru", "французские и американские компании", "United States", "Japan"),
        ("fa", "عباس كريمي", "عباس کریمی", "عباس کرمانی"),
        ("uk", "Андрія Шевченка", "Андрій Шевченко", "Андрій Коваль"),
        ("ar", "الحكومة المصرية", "Egypt", "Sudan"),
        ("fr", "l’Allemagne", "Germany", "Austria"),
    ],
)
def test_names_are_compared_in_inflected_forms(language: str, source: str, name: str, other: str) -> None:
    text = known_text("source", [source], language)
    found = {one: holds(text, 1, name_token(one)) for one in (name, other)}
    assert found == {name: True, other: False}


def name_token(name: str) -> Token:
    return Token("name", name, ("says",), (name_forms(name),), frozenset({"id"}))


@pytest.mark.parametrize(
    ("language", "name"), [("ru", "Klara Brückner"), ("de", "Ольга Крылова"), ("zh", "Klara Brückner")]
)
def test_names_in_another_script_are_not_checked(language: str, name: str) -> None:
    assert not is_comparable(known_text("source", ["2024"], language), name_token(name))


def test_nothing_is_compared_in_a_language_without_spaces_between_words() -> None:
    """A wrong number passes, and so do negations, which would need a word in English."""
    texts = {"facts/pins/german.yml": pin("german", "zh", "船\n" * 5)}
    sources = crossings().facts["facts/sources.yml"].replace(b"language: de", b"language: zh")
    inputs = replace(crossings(), facts={**crossings().facts, **texts, "facts/sources.yml": sources})
    assert faults(found_in(changed(inputs, "de-first-ship", says="The first ship did not have 350 seats."))) == []


def test_dates_in_the_solar_hijri_calendar() -> None:
    """The first and last days of a common and a leap year, from published calendars."""
    days = {
        (2020, 3, 20): (1399, 1, 1),
        (2021, 3, 20): (1399, 12, 30),
        (2021, 3, 21): (1400, 1, 1),
        (2022, 3, 20): (1400, 12, 29),
        (1979, 4, 1): (1358, 1, 12),
    }
    assert {day: solar_hijri(day) for day in days} == days


SHOWN = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "ru": "Russian",
    "es": "Spanish",
    "it": "Italian",
    "fa": "Persian",
    "ar": "Arabic",
    "uk": "Ukrainian",
    "zh": "Chinese",
    "ko": "Korean",
}
METHOD = ROOT / "docs" / "method.md"
TABLE = re.compile(r"(?<=<!-- languages -->\n\n)(\|.+\n)*")


def render_table() -> str:
    """Return the languages, grouped by what can be compared with a source in them, as a table in Markdown."""
    groups: dict[str, list[str]] = {}
    for tag, name in SHOWN.items():
        compared = ", ".join(one for one in COMPARISONS if one in comparisons(tag))
        groups.setdefault(compared or "nothing", []).append(name)
    rows = [["Source in", "What is compared"], ["---", "---"]]
    rows += [[", ".join(names), compared] for compared, names in groups.items()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def test_method_page_says_what_is_compared_in_which_language(request: pytest.FixtureRequest) -> None:
    text = METHOD.read_text(encoding="utf-8")
    if request.config.getoption("update_golden"):
        METHOD.write_text(TABLE.sub(render_table(), text), encoding="utf-8")
    (found,) = (match[0] for match in TABLE.finditer(METHOD.read_text(encoding="utf-8")))
    assert found == render_table()
