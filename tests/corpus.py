"""Synthetic briefings of any size with realistic proportions, for benchmarks and tests.

The proportions below were counted in this repository's own facts. The number of topics, sections and sources under
analysis is proportional to the number of facts. Other sources, actors, places, terms, words and questions grow more
slowly, as in a real briefing.
"""

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate, cycle
from pathlib import Path
from random import Random

from briefing.evidence.pins import repin
from briefing.model.briefing import Briefing
from briefing.model.records import Source
from briefing.project.layout import packaged_templates
from briefing.text.normalize import forms, is_number

STARTER = Path(__file__).parent.parent / "briefing" / "starter"

_COUNTED = 363  # the number of facts in which these numbers were counted
_UNDER_ANALYSIS = 187  # facts from the one source under analysis, four per paragraph
_PER_TOPIC, _PER_SECTION, _PER_PARAGRAPH = 30, 6, 4
_KINDS = {"report": 197, "analysis": 88, "position": 28, "forecast": 22, "text": 22, "accusation": 6}
_ABOUT = {"3": 125, "4": 90, "2": 62, "5": 49, "1": 21, "7": 7, "6": 7, "8": 2}
_CITED = {"1": 119, "2": 56, "3": 1}
_CREDIBILITY = {"2": 96, "1": 50, "3": 22, "5": 4, "4": 4}
_RELATIONS = {"": 114, "disputes": 28, "refines": 25, "corrects": 11}
_RELIABILITY = {"C": 47, "B": 43, "D": 32, "F": 3, "A": 2}
_ACTORS = {"person": 25, "state": 20, "organisation": 18, "group": 15, "bloc": 4}
_PLACES = {"region": 6, "city": 5, "air base": 3, "sea": 3, "route": 3, "power plant": 2, "airport": 2}
_TERMS = {"concept": 11, "event": 8, "process": 5, "weapon": 5, "treaty": 4, "sanctions": 2, "doctrine": 2}
_YEARS = {"2025": 55, "2026": 29, "2024": 23, "2015": 11, "2017": 6, "2022": 6, "2011": 3, "1998": 4, "1984": 9}
_SMALL = (
    "the the the the the of of of in in and and to a a on that with between as for was is has by at its an from had "
    "which were after been their also over than before more about"
).split()
_MONTHS = "January February March April May June July August September October".split()
_LETTERS = ("abdefgiklmnoprstuv", "абдефгиклмнопрстув")
_CYRILLIC = str.maketrans(*("".join((letters, letters.upper())) for letters in _LETTERS))

Value = str | Sequence[str]
Fields = dict[str, Value]


def corpus(count: int, seed: int = 1) -> dict[str, bytes]:
    """Return the files of a briefing with ``count`` facts (10 or more) by path. The same seed gives the same bytes."""
    return {path: text.encode() for path, text in sorted(_Corpus(count, Random(seed)).files().items())}


def write_corpus(folder: Path, count: int, seed: int = 1) -> None:
    """Write the files of a synthetic briefing into a folder."""
    for path, data in corpus(count, seed).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


class _Corpus:
    """Draws the records of a corpus in a fixed order, and writes their files."""

    def __init__(self, count: int, random: Random) -> None:
        self._count, self._random = count, random
        self._taken: set[str] = set()  # words and ids
        self._of_pages = _words_of_pages()  # not used in names: a name on a page would need a fact
        self._word = _zipf(random, [self._new_word() for _ in range(self._grown(1800, 0.6, 1 << 20))], flat=12)
        self._names: dict[str, str] = {}
        self._actors = [self._new_name() for _ in range(self._grown(82, 0.6))]
        self._places = [self._new_name() for _ in range(self._grown(28, 0.6))]
        self._terms = [self._new_name() for _ in range(self._grown(38, 0.6))]
        entities = list(self._names)
        random.shuffle(entities)
        self._every_entity, self._entity = cycle(entities), _zipf(random, entities, flat=0)
        carried = round(count * _UNDER_ANALYSIS / _COUNTED)
        self._paragraphs: dict[str, list[list[str]]] = {}  # the words of each, unordered; no fact cites the last ones
        self._cited: dict[str, int] = {}
        analysed = max(1, round(carried / _UNDER_ANALYSIS))
        for number in range(analysed):
            cited = max(2, round(carried / analysed / _PER_PARAGRAPH))
            self._cited[f"analysis-{number + 1}"] = cited
            self._paragraphs[f"analysis-{number + 1}"] = [self._phrase(12) for _ in range(cited + max(1, cited // 10))]
        self._next_paragraph = cycle([(id, number) for id, cited in self._cited.items() for number in range(cited)])
        self._others = [self._new_id() for _ in range(self._grown(190, 0.95))]
        self._next_other = cycle(self._others)
        self._views = [f"view-{self._new_id()}" for _ in range(self._grown(8, 0.5))]
        self._next_view = cycle(self._views)
        self._topics = [self._new_id() for _ in range(max(2, round(count / _PER_TOPIC)))]
        self._about: dict[str, list[str]] = {}  # by fact
        self._from_analysed: list[str] = []
        self._facts = [
            self._fact((number + 1) * carried // count > number * carried // count, number) for number in range(count)
        ]

    def _grown(self, format_count: int, power: float, most: int = 0) -> int:
        grown = format_count * math.pow(self._count / _COUNTED, power)
        return max(2, min(most or self._count, round(grown)))

    # words

    def _new_word(self) -> str:
        draw = self._random.choice
        while True:
            syllables = draw([1, 1, 2, 2])
            word = "".join(
                draw("b br d dr f g gr k kl l m n p r s st t v".split()) + draw("a a e e i o u ai ou".split())
                for _ in range(syllables)
            )
            word += draw("n r l t st nd".split()) + draw(["", "", "", "", "s", "ed", "ing", "al", "ion"])
            known = (
                word in self._taken or word in _SMALL or any(map(is_number, forms(word)))
            )  # number words such as "four" count as numbers
            if len(word) > 2 and not known:
                self._taken.add(word)
                return word

    def _new_word_of_a_name(self) -> str:
        while (word := self._new_word()) in self._of_pages:
            pass
        return word.capitalize()

    def _new_name(self) -> str:
        """Draw a name and return its id. Its words occur in no other name and in no sentence."""
        name = " ".join(self._new_word_of_a_name() for _ in range(self._random.choice([1, 1, 2, 3])))
        id = name.lower().replace(" ", "-")
        self._names[id] = name
        return id

    def _new_id(self) -> str:
        while True:
            id = "-".join(self._word() for _ in range(self._random.choice([2, 3, 3])))
            if id not in self._taken:
                self._taken.add(id)
                return id

    def _phrase(self, length: int) -> list[str]:
        return [
            self._random.choice(_SMALL) if index % 2 == 0 and self._random.random() < 0.85 else self._word()
            for index in range(length)
        ]

    def _sentence(self, length: int, names: Sequence[str] = (), end: str = "") -> str:
        """Return a sentence of about ``length`` words with evenly spaced names. The words of ``end`` stay together."""
        filler = self._phrase(max(3 * len(names) + 3, length - len(f"{' '.join(names)} {end}".split())))
        step = len(filler) // max(1, len(names))
        parts = [
            part for index, name in enumerate(names) for part in (name, *filler[index * step : (index + 1) * step])
        ]
        text = " ".join([*(parts or filler), *([end] if end else [])])
        return f"{text[0].upper()}{text[1:]}."

    def _drawn(self, weights: Mapping[str, int]) -> str:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _date(self) -> tuple[str, str]:
        """Return a date as an EDTF value and as text."""
        year = self._drawn(_YEARS)
        month, day = self._random.randrange(1, 11), self._random.randrange(1, 29)
        forms = {
            (f"{year}-{month:02}-{day:02}", f"on {day} {_MONTHS[month - 1]} {year}"): 92,
            (f"{year}-{month:02}", f"in {_MONTHS[month - 1]} {year}"): 36,
            (year, f"in {year}"): 26,
            (f"{int(year) - 3}/{year}", f"from {int(year) - 3} to {year}"): 4,
            (f"{year[:3]}X", f"in the {year[:3]}0s"): 4,
        }
        return self._random.choices(list(forms), list(forms.values()))[0]

    # records

    def _fact(self, analysed: bool, number: int) -> Fields:
        """Return the next fact, which cites a source under analysis or other sources."""
        random = self._random
        id = self._new_id()
        drawn = [self._entity() for _ in range(int(self._drawn(_ABOUT)) - 1)]
        about = list(dict.fromkeys([next(self._every_entity), *drawn]))
        date, printed = self._date() if random.random() < (0.13 if analysed else 0.8) else ("", "")
        end = printed if random.random() < 0.5 else ""
        if not end and random.random() < 0.25:
            end = f"{random.randrange(2, 9000):,} {self._word()}"
        named = [self._names[entity] for entity in about if random.random() < 0.7] or [self._names[about[0]]]
        says = self._sentence(min(35, max(8, round(random.gauss(16.5, 5)))), named, end)
        fact: Fields = {"id": id, "says": says, "about": about}
        speakers = [entity for entity in about if entity in self._actors]
        if speakers and random.random() < 0.25:
            fact["by"] = speakers[0]
        if (kind := self._drawn(_KINDS)) != "report":
            fact["kind"] = kind
        if date:
            fact["when"] = date
        if analysed and "/" in date:
            fact["derived"] = self._sentence(9)
        if analysed:
            claimed = [*says.rstrip(".").split(), *printed.split(), *(self._names[entity] for entity in about)]
            fact["cite"] = [self._cite_paragraph_with(claimed) for _ in range(random.choice([1, 1, 1, 1, 1, 1, 1, 2]))]
        else:
            fact["cite"] = list(dict.fromkeys(next(self._next_other) for _ in range(int(self._drawn(_CITED)))))
        if random.random() < 0.02:
            fact["also"] = random.choice([topic for topic in self._topics[:50] if topic != self._topic(number)])
        earlier = self._from_analysed[-_PER_TOPIC // 2 :]
        relation = self._drawn(_RELATIONS)
        if not analysed:
            fact["credibility"] = self._drawn(_CREDIBILITY)
        if not analysed and earlier and relation:
            fact[relation] = random.choice(earlier)
            fact["because"] = self._sentence(20)
        if random.random() < 0.16:
            fact["answers"] = next(self._next_view)
        if random.random() < 0.11:
            fact["note"] = self._sentence(14)
        self._about[id] = about
        if analysed:
            self._from_analysed.append(id)
        return fact

    def _cite_paragraph_with(self, words: Sequence[str]) -> str:
        """Add these words to a paragraph and return its citation."""
        source, number = next(self._next_paragraph)
        self._paragraphs[source][number] += words
        return f"{source}:{number + 1}"

    def _topic(self, number: int) -> str:
        """Return the topic of the fact with this number."""
        return self._topics[number * len(self._topics) // self._count]

    def _resting(self, length: int, facts: int) -> tuple[str, list[str]]:
        """Return a sentence and the facts that support it."""
        ids = [str(fact["id"]) for fact in self._random.sample(self._facts, min(facts, self._count))]
        return self._resting_on(length, ids), ids

    def _resting_on(self, length: int, ids: Sequence[str]) -> str:
        names = [self._names[self._random.choice(self._about[id])] for id in ids[:2]]
        return self._sentence(length, list(dict.fromkeys(names)))

    # files

    def files(self) -> dict[str, str]:
        """Return the files by path."""
        by_topic: dict[str, list[Fields]] = {topic: [] for topic in self._topics}
        for number, fact in enumerate(self._facts):
            by_topic[self._topic(number)].append(fact)
        settings = (STARTER / "mkdocs.yml").read_text(encoding="utf-8")
        return {
            "mkdocs.yml": settings.replace("@TITLE@", "A briefing of random facts"),
            "docs/method.md": (STARTER / "docs" / "method.md").read_text(encoding="utf-8"),
            ".gitignore": (STARTER / "dot-gitignore").read_text(encoding="utf-8"),
            "facts/briefing.yml": self._head(),
            "facts/sources.yml": "\n".join([*map(self._analysed, self._paragraphs), *map(self._other, self._others)]),
            "facts/actors.yml": "\n".join(map(self._actor, self._actors)),
            "facts/places.yml": "\n".join(map(self._place, self._places)),
            "facts/glossary.yml": "\n".join(map(self._term, self._terms)),
            **{f"facts/topics/{topic}.yml": self._topic_file(facts) for topic, facts in by_topic.items()},
            **{f"facts/pins/{source}.yml": self._pin(source) for source in self._paragraphs},
        }

    def _head(self) -> str:
        states = [
            ("bottom_line", 5, 4),
            ("judgments", self._grown(7, 0.5), 8),
            ("open_questions", self._grown(10, 0.5), 3),
        ]
        status, ids = self._resting(8, 1)
        text = _fields({"title": "A briefing of random facts", "question": self._sentence(16)})
        text += _fields({"cutoff": "2026-11-23", "reviewed": "2026-11-23", "next_review": "2027-02-23"})
        text += "status:\n" + _fields({"says": status, "rests_on": ids}, 2)
        text += "license:\n" + _fields({"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}, 2)
        text += _fields({"based_on": list(self._paragraphs), "topics": self._topics})
        for name, count, facts in states:
            text += f"{name}:\n"
            for number in range(count):
                says, ids = self._resting(18, facts)
                record: Fields = {"says": says}
                if name == "judgments":
                    record = {"id": f"judgment-{number + 1}", "says": says, "likelihood": "likely"}
                    record |= {
                        "confidence": "moderate",
                        "horizon": "2035",
                        "basis": self._sentence(20),
                        "would_change": self._sentence(16),
                    }
                if name == "open_questions":
                    record = {"id": f"question-{number + 1}", "asks": self._sentence(14), "known": says}
                    record |= {"looked_for": self._sentence(16)}
                text += _record({**record, "rests_on": ids}, 2)
        text += "views:\n"
        return text + "".join(_record({"id": id, "asks": self._sentence(12)}, 2) for id in self._views)

    def _topic_file(self, facts: Sequence[Fields]) -> str:
        text = _fields({"title": self._sentence(5).rstrip("."), "asks": self._sentence(14)}) + "bottom_line:\n"
        for _ in range(3):
            ids = [str(fact["id"]) for fact in self._random.sample(facts, min(3, len(facts)))]
            text += _record({"says": self._resting_on(18, ids), "rests_on": ids}, 2)
        if self._random.random() < 0.3:
            text += _fields({"map": self._random.sample(self._places, min(4, len(self._places)))})
        text += "sections:\n"
        for start in range(0, len(facts), _PER_SECTION):
            text += _record({"title": self._sentence(4).rstrip(".")}, 2) + "    facts:\n"
            text += "".join(_record(fact, 6) for fact in facts[start : start + _PER_SECTION])
        return text

    def _analysed(self, id: str) -> str:
        count = len(self._paragraphs[id])
        record: Fields = {
            "id": id,
            "title": self._sentence(7).rstrip("."),
            "publisher": self._random.choice(self._others),
        }
        record |= {"date": "2025-01", "language": "en", "reliability": "D", "unit": "paragraph", "count": str(count)}
        unused = [str(number) for number in range(self._cited[id] + 1, count + 1)]
        return _record(record) + "  not_used:\n" + _record({"parts": unused, "because": "A heading."}, 4)

    def _other(self, id: str) -> str:
        record: Fields = {"id": id, "title": self._sentence(8).rstrip("."), "publisher": self._word().capitalize()}
        record["url"] = f"https://{id}.example/{self._word()}/{self._word()}"
        if self._random.random() < 0.6:
            # later than all dated facts: a source is published after the events that it reports
            record["date"] = self._random.choice(["2026", "2026-11", f"2026-11-{self._random.randrange(1, 21):02}"])
        record |= {"language": "en", "reliability": self._drawn(_RELIABILITY)}
        if self._random.random() < 0.39:
            record["note"] = self._sentence(10)
        return _record(record)

    def _entity_fields(self, id: str, kind: str) -> Fields:
        aliases = [self._new_word_of_a_name() for _ in range(self._random.choice([0, 1, 2, 3, 4]))]
        aliases += [alias.translate(_CYRILLIC) for alias in aliases[:2]]
        return {"id": id, "name": self._names[id], "kind": kind, **({"aliases": aliases} if aliases else {})}

    def _actor(self, id: str) -> str:
        kind = self._drawn(_ACTORS)
        record = self._entity_fields(id, kind)
        if kind == "state":
            record["metonyms"] = [f"{self._names[id].split()[0]}ian"]
        else:
            record["country"] = self._random.choice(self._actors)
        text = _record(record)
        if kind == "person" and self._random.random() < 0.8:
            role: Fields = {"says": self._sentence(7), "when": "2024", "cite": self._random.choice(self._others)}
            text += "  roles:\n" + _record(role, 4)
        return text

    def _place(self, id: str) -> str:
        kind, draw = self._drawn(_PLACES), self._random.random
        text = _record({**self._entity_fields(id, kind), "country": self._random.choice(self._actors)})
        if kind == "route":
            points = [f"[{10 + 40 * draw():.3f}, {10 + 80 * draw():.3f}]" for _ in range(6)]
            return text + f"  line: [{', '.join(points)}]\n"
        if draw() < 0.5:
            place: Fields = {"lat": f"{10 + 40 * draw():.3f}", "lon": f"{10 + 80 * draw():.3f}", "precision": "exact"}
            text += "  position:\n" + _fields({**place, "from": self._random.choice(self._others)}, 4)
            _, ids = self._resting(8, 2)
            text += "  standing:\n" + _fields({"how": "confirmed", "as_of": "2026-01", "rests_on": ids}, 4)
        return text

    def _term(self, id: str) -> str:
        record = self._entity_fields(id, self._drawn(_TERMS))
        record |= {"explains": self._sentence(24), "cite": self._random.choice(self._others)}
        others = [term for term in self._random.sample(self._terms, min(3, len(self._terms))) if term != id]
        return _record({**record, "see": others} if others else record)

    def _pin(self, id: str) -> str:
        lines = []
        for words in self._paragraphs[id]:
            self._random.shuffle(words)
            lines.append(" ".join(words))
        source = Source(id=id, title=id, publisher=id, language="en", unit="paragraph", count=len(lines))
        return repin(Briefing(None), source, "\n".join(lines)).text


def _words_of_pages() -> set[str]:
    """Return every word in the packaged templates and in the pages of a new briefing, in lower case."""
    files = [*packaged_templates().glob("*.j2"), *(STARTER / "docs").glob("*.md")]
    return {word for file in sorted(files) for word in re.findall(r"[a-z]+", file.read_text(encoding="utf-8").lower())}


def _zipf(random: Random, items: Sequence[str], flat: float) -> "partial[str]":
    """Return a function that draws items with a Zipf distribution, which is typical of words and of subjects."""
    weights = list(accumulate(1 / (rank + flat) for rank in range(1, len(items) + 1)))
    return partial(lambda: random.choices(items, cum_weights=weights)[0])


def _record(fields: Fields, indent: int = 0) -> str:
    """Format a list item at this indentation."""
    text = _fields(fields, indent + 2)
    return f"{text[:indent]}- {text[indent + 2 :]}"


def _fields(fields: Fields, indent: int = 0) -> str:
    """Format fields as an editor writes them: long texts folded, and lists on one line if they fit."""
    lines = []
    for name, value in fields.items():
        head = f"{' ' * indent}{name}:"
        short = f"{head} {value if isinstance(value, str) else '[' + ', '.join(value) + ']'}"
        if len(short) <= 112:
            lines.append(short)
        elif isinstance(value, str):
            lines += [
                f"{head} >-",
                *textwrap.wrap(value, 110, initial_indent=" " * (indent + 2), subsequent_indent=" " * (indent + 2)),
            ]
        else:
            lines += [head, *(f"{' ' * (indent + 2)}- {item}" for item in value)]
    return "\n".join(lines) + "\n"
