"""Damage the real facts one at a time, in memory, run the check, and count what it catches by kind of damage.

Only facts whose citations are all pinned are used, because the others cannot be compared with their source. A damage is
caught if the check reports a problem; the undamaged facts have none. Names and speakers are swapped everywhere in the
record (sentence, `about`, `by`), like an author who confuses the two.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.compile import Inputs, check
from briefing.evidence.matching import quoted_phrases
from briefing.evidence.names import Names
from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Fact
from briefing.problems import Span
from briefing.project.reader import read_inputs
from briefing.text.normalize import is_number, words

STEPS = (-10, -2, -1, 1, 2, 10)
MONTHS = [f"{month:02}" for month in range(1, 13)]


@dataclass(frozen=True)
class Edit:
    """A place in a file and the text that replaces it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Damage:
    """One mistake: its edits and a description."""

    fact: Fact
    edits: tuple[Edit, ...]
    said: str


class Damager:
    """Generates the damages of one briefing, by kind. Their order depends only on the seed."""

    def __init__(self, briefing: Briefing, seed: int) -> None:
        self.briefing = briefing
        self.random = random.Random(seed)
        self.names = Names(briefing.entities)
        self.facts = [fact for fact in briefing.facts if all(c.source in briefing.pin_of for c in fact.cite)]
        self.speakers = [actor for actor in briefing.actors if actor.id in briefing.facts_by]
        self.vocabulary = sorted({word.text for fact in self.facts for word in words(fact.says) if word.text.islower()})

    def kinds(self) -> dict[str, Callable[[Fact], Iterator[Damage]]]:
        """Return a generator of damages for each kind."""
        return {
            "year": self.year,
            "number": self.number,
            "name": self.name,
            "shifted paragraph": self.paragraph,
            "dropped citation": self.citation,
            "quoted word": self.quoted,
            "date precision": self.precision,
            "speaker": self.speaker,
            "misspelt id": self.misspelt,
        }

    def year(self, fact: Fact) -> Iterator[Damage]:
        for word in words(fact.says):
            if re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", word.forms[0]):
                for step in STEPS:
                    yield from self._in_sentence(fact, word.text, str(int(word.forms[0]) + step))
        if fact.when and not fact.derived:
            found = re.search(r"\d{4}", fact.when.text)
            if found:
                for step in STEPS:
                    other = fact.when.text.replace(found[0], str(int(found[0]) + step))
                    yield self._whole(fact, ("when",), other)

    def number(self, fact: Fact) -> Iterator[Damage]:
        for word in words(fact.says):
            if any(is_number(form) for form in word.parts) and not re.fullmatch(r"(1\d|20)\d\ds?", word.forms[0]):
                digits = re.search(r"\d+", word.text)
                if digits:
                    for step in STEPS:
                        other = word.text.replace(digits[0], str(abs(int(digits[0]) + step)))
                        yield from self._in_sentence(fact, word.text, other)

    def name(self, fact: Fact) -> Iterator[Damage]:
        for name in self.names.within(fact.says):
            meant = [actor for actor in self.briefing.actors if actor.id in name.entities and actor.id in fact.about]
            if meant and meant[0].id != fact.by and name.text == meant[0].name:
                yield from self._swapped(fact, meant[0], list(self.briefing.actors), ())

    def speaker(self, fact: Fact) -> Iterator[Damage]:
        meant = [actor for actor in self.briefing.actors if actor.id == fact.by]
        if meant:
            yield from self._swapped(fact, meant[0], self.speakers, ("by",))

    def paragraph(self, fact: Fact) -> Iterator[Damage]:
        cited = fact.cite[0]
        for step in (-2, -1, 1, 2):
            number = cited.number + step
            if 1 <= number <= len(self.briefing.pin_of[cited.source].parts):
                other = f"{cited.source}:{number}"
                if other not in map(str, fact.cite):
                    yield self._whole(fact, ("cite", 0), other)

    def citation(self, fact: Fact) -> Iterator[Damage]:
        span = fact.at("cite")
        rest = ", ".join(str(cited) for cited in fact.cite[1:])
        yield Damage(fact, (Edit(span, f"[{rest}]"),), f"drop {fact.cite[0]}")

    def quoted(self, fact: Fact) -> Iterator[Damage]:
        for phrase in quoted_phrases(fact.says):
            for word in words(phrase):
                for other in self.random.sample(self.vocabulary, 4):
                    if other != word.text:
                        yield from self._in_sentence(fact, word.text, other, within=phrase)

    def precision(self, fact: Fact) -> Iterator[Damage]:
        if fact.when and not fact.derived and re.fullmatch(r"\d{4}(-\d\d)?", fact.when.text):
            finer = self.random.choice(MONTHS) if len(fact.when.text) == 4 else f"{self.random.randint(1, 28):02}"
            yield self._whole(fact, ("when",), f"{fact.when.text}-{finer}")

    def misspelt(self, fact: Fact) -> Iterator[Damage]:
        references = [("about", index, id) for index, id in enumerate(fact.about)]
        for field, index, id in references:
            at = self.random.randrange(len(id) - 1)
            turned = id[:at] + id[at + 1] + id[at] + id[at + 2 :]
            if turned != id:
                yield self._whole(fact, (field, index), turned)

    def _swapped(self, fact: Fact, meant: Actor, others: list[Actor], fields: tuple[str, ...]) -> Iterator[Damage]:
        others = [other for other in others if other.id != meant.id and other.kind == meant.kind]
        if not others:
            return
        other = self.random.choice(others)
        edits = [Edit(fact.at(field), other.id) for field in fields]
        if meant.id in fact.about:
            edits.append(Edit(fact.at("about", fact.about.index(meant.id)), other.id))
        for name in self.names.within(fact.says):
            if meant.id in name.entities:
                span = self.briefing.find(fact.at("says"), name.text)
                if span != fact.at("says"):
                    edits.append(Edit(span, other.name))
                    break
        yield Damage(fact, tuple(edits), f"{meant.id} -> {other.id}")

    def _in_sentence(self, fact: Fact, old: str, new: str, within: str = "") -> Iterator[Damage]:
        around = self.briefing.find(fact.at("says"), within) if within else fact.at("says")
        span = self.briefing.find(around, old)
        if span != around:  # otherwise the text is folded over two lines
            yield Damage(fact, (Edit(span, new),), f"{old} -> {new}")

    def _whole(self, fact: Fact, path: tuple[str | int, ...], new: str) -> Damage:
        return Damage(fact, (Edit(fact.at(*path), new),), f"{'.'.join(map(str, path))} -> {new}")


def damaged(inputs: Inputs, damage: Damage) -> Inputs:
    """Return the inputs with the damage applied."""
    file = damage.edits[0].span.file
    lines = inputs.facts[file].decode("utf-8").splitlines(keepends=True)
    for edit in sorted(damage.edits, key=lambda edit: edit.span, reverse=True):
        span = edit.span
        start, end = lines[span.line - 1], lines[span.end_line - 1] if span.end_line <= len(lines) else ""
        lines[span.line - 1 : span.end_line] = [start[: span.column - 1] + edit.text + end[span.end_column - 1 :]]
    return replace(inputs, facts={**inputs.facts, file: "".join(lines).encode()})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("folder", nargs="?", default=".", type=Path)
    options = parser.parse_args()
    inputs = read_inputs(options.folder)
    sound = check(inputs)
    alarms = len(sound.problems)
    damager = Damager(sound.briefing, options.seed)
    pools = {
        name: [damage for fact in damager.facts for damage in kind(fact)] for name, kind in damager.kinds().items()
    }
    for pool in pools.values():
        damager.random.shuffle(pool)
    # Choose equally many of each kind. If one kind has too few, the others fill the gap.
    chosen: dict[str, list[Damage]] = {name: [] for name in pools}
    while sum(map(len, chosen.values())) < options.count and any(pools.values()):
        for name, pool in pools.items():
            if pool and sum(map(len, chosen.values())) < options.count:
                chosen[name].append(pool.pop())
    print(f"scripts/measure-detection --seed {options.seed} --count {options.count}")
    print(f"{len(damager.facts)} facts cite pinned sources only; problems in the facts as they are: {alarms}")
    print(f"{'damage':18} {'tried':>6} {'caught':>7} {'missed':>7} {'caught %':>9}")
    missed: list[str] = []
    totals = [0, 0]
    for name, damages in chosen.items():
        caught = 0
        for damage in damages:
            if check(damaged(inputs, damage)).problems:
                caught += 1
            else:
                missed.append(f"  {name}: {damage.fact.id}: {damage.said}")
        totals = [totals[0] + len(damages), totals[1] + caught]
        print(_row(name, len(damages), caught), flush=True)
    print(_row("all", *totals))
    if missed:
        print("missed:")
        print("\n".join(sorted(missed)))
    return 1 if alarms else 0


def _row(name: str, tried: int, caught: int) -> str:
    share = f"{100 * caught / tried:.1f}" if tried else "-"
    return f"{name:18} {tried:6} {caught:7} {tried - caught:7} {share:>9}"


if __name__ == "__main__":
    sys.exit(main())
