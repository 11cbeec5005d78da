"""Fixes: what a safe one promises, and that no suggested one makes a file worse."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest
from briefing_folders import MISTAKES as BROKEN
from mistakes import ENCODINGS, FILE_NAMES, MISTAKES, Encoded, Renamed
from support import ROOT, TODAY

from briefing.compile import Inputs, check
from briefing.editing.text_edits import apply_fixes
from briefing.problems import Problem
from briefing.project.reader import read_inputs
from briefing.text.edtf import parse_edtf
from briefing.text.scripts import as_latin

Facts = Mapping[str, bytes]

# What people type by accident, and what word processors make of it.
_TYPED = [*" \t'\":-#[]{},;.aeiu0179\n", *"\N{NO-BREAK SPACE}\N{EN DASH}\N{BULLET}\N{RIGHT SINGLE QUOTATION MARK}", "é"]
# A file with such a problem cannot be read, so its other problems appear only after the fix.
_UNREADABLE = {
    "yaml-syntax",
    "yaml-tag",
    "yaml-alias",
    "duplicate-key",
    "comment-in-text",
    "merge-conflict",
    "wrong-type",
    "encoding",
}


# A value that cannot be read is not compared with anything, so these problems appear only after the fix.
_OF_VALUES = {"not-in-source", "date-mismatch", "uncited-paragraph", "ungraded", "position-outside-country"}
# What these fixes leave out: the text of a link, the number of an item, the language of a code block.
_LOSES = re.compile("Markdown link|in place of '-'|a line with only '```")
# The fix is the same date, number or citation in another notation; ``tests/model/test_suggestions.py`` compares them.
_OTHER_NOTATION = {"bad-date", "bad-citation", "wrong-type"}


@cache
def _problems(facts: tuple[tuple[str, bytes], ...]) -> tuple[Problem, ...]:
    """Return all problems of a briefing with only these files, checked once: many fixes lead to the same text.

    No fix changes a page or template, so these are left out.
    """
    return check(Inputs(dict(facts), {}, today=parse_edtf(TODAY))).problems


def _broken_promises(facts: Facts, problem: Problem, before: tuple[Problem, ...]) -> list[str]:
    """Return what is wrong with a fix. ``before`` are all problems of these facts.

    Every fix removes its problem, and parsing then gets further. A safe one also adds no problem and keeps all letters
    and digits; one that is only suggested leaves no more problems than before.
    """
    edit, applied = apply_fixes(facts, [problem])
    if applied != [problem]:
        return ["the file is not among the facts"]
    after = _problems(tuple({**facts, **edit.files}.items()))
    new = [one for one in after if _kind(one) in _kinds(after) - _kinds(before)]
    if problem.code in _UNREADABLE:
        alone = problem.is_safe and len(before) == 1
        new = [one for one in new if alone or (one.code == "yaml-syntax" and one.place <= problem.place)]
        new = [one for one in new if one.code not in _OF_VALUES]
    elif problem.is_safe or len(after) > len(before):
        new = [one for one in new if one.code not in _OF_VALUES]
    else:
        new = [one for one in new if one.code in _UNREADABLE]
    faults = [f"it causes {one.code} at line {one.place.line}: {one.message}" for one in new]
    if _kinds(after)[_kind(problem)] >= _kinds(before)[_kind(problem)]:
        faults.append("the problem remains")
    keeps_all = problem.is_safe or (problem.code == "yaml-syntax" and not _LOSES.search(problem.message))
    if keeps_all and problem.code not in _OTHER_NOTATION and not _has_all(problem.fix, _replaced(facts, problem)):
        faults.append("it loses a part of the text")
    return faults


def _kinds(problems: Iterable[Problem]) -> Counter[tuple[str, ...]]:
    return Counter(map(_kind, problems))


def _kind(problem: Problem) -> tuple[str, ...]:
    """Return what does not change if the problem moves to another line."""
    return problem.place.file, problem.code, re.sub(r"\d+", "#", problem.message)


def _replaced(facts: Facts, problem: Problem) -> str:
    place = problem.place
    text = facts[place.file].decode("utf-8-sig", errors="replace")
    lines = text.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


def _has_all(fix: str, text: str) -> bool:
    """Return whether the fix has all letters and digits of the text in their order, in whatever case or script."""
    kept = iter(_letters(fix))
    return all(letter in kept for letter in _letters(text))


def _letters(text: str) -> str:
    return "".join(char for char in as_latin(unicodedata.normalize("NFKC", text)).casefold() if char.isalnum())


def _examples() -> Iterator[tuple[str, Facts]]:
    """Yield the examples of the problem codes."""
    sound = read_inputs(BROKEN / "base").facts
    for case in sorted(BROKEN.glob("*.yml")):
        file = case.read_bytes().decode("latin-1").splitlines()[0].removeprefix("# file: ")
        yield case.stem, {**sound, file: case.read_bytes()}


def _mistakes(sound: Facts) -> Iterator[tuple[str, Facts]]:
    for mistake in MISTAKES:
        changed = sound[mistake.file].decode().replace(mistake.old, mistake.new).encode()
        yield mistake.name, {**sound, mistake.file: changed}


def _damaged(sound: Facts, count: int, seed: int) -> Iterator[tuple[str, Facts]]:
    """Yield copies of the facts in which one character of one file is deleted, added or replaced."""
    chance = random.Random(seed)
    files = sorted(file for file in sound if "/pins/" not in file)
    for number in range(count):
        file = chance.choice(files)
        text = sound[file].decode()
        at = chance.randrange(len(text))
        typed, end = chance.choice(["", *_TYPED]), at + chance.choice([0, 1])
        changed = (text[:at] + typed + text[end:]).encode()
        yield f"{number}: {file} {typed!r} for {text[at:end]!r}", {**sound, file: changed}


def _try_fixes(cases: Iterable[tuple[str, Facts]]) -> tuple[Counter[str], list[str]]:
    """Apply every fix of every case, each alone. Return the numbers of safe and suggested ones, and broken promises."""
    counts: Counter[str] = Counter()
    broken = []
    for name, facts in cases:
        before = _problems(tuple(facts.items()))
        for problem in before:
            if problem.fix:
                counts["safe" if problem.is_safe else "suggested"] += 1
                start = f"{name}: line {problem.place.line}: {problem.message} -> {problem.fix!r}: "
                broken += [start + fault for fault in _broken_promises(facts, problem, before)]
    return counts, broken


# The numbers are those of the fixes that were applied, so that none can be left out by mistake.
@pytest.mark.slow
def test_fixes_of_the_examples() -> None:
    counts, broken = _try_fixes(_examples())
    assert broken == []
    assert (counts["safe"], counts["suggested"]) == (18, 39)


@pytest.mark.slow
def test_fixes_of_common_mistakes(vasa: Inputs) -> None:
    counts, broken = _try_fixes(_mistakes(vasa.facts))
    assert broken == []
    assert (counts["safe"], counts["suggested"]) == (72, 124)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_fixes_of_random_damage(vasa: Inputs, seed: int) -> None:
    counts, broken = _try_fixes(_damaged(vasa.facts, 60, seed))
    assert broken == []
    assert counts.total() > 15


@pytest.mark.slow
def test_fixes_of_random_damage_in_a_larger_briefing() -> None:
    counts, broken = _try_fixes(_damaged(read_inputs(ROOT / "examples" / "suez-canal").facts, 25, seed=0))
    assert broken == []
    assert counts.total() > 5


@pytest.mark.parametrize("renamed", FILE_NAMES, ids=lambda renamed: renamed.name)
def test_a_wrong_file_name_has_no_text_edit(vasa: Inputs, renamed: Renamed) -> None:
    facts = {renamed.new if file == renamed.file else file: data for file, data in vasa.facts.items()}
    found = check(replace(vasa, facts=facts)).problems
    assert found
    assert not any(problem.fix for problem in found if problem.place.file == renamed.new)


@pytest.mark.parametrize("encoded", ENCODINGS, ids=lambda encoded: encoded.name)
def test_a_wrong_encoding_has_no_text_edit(vasa: Inputs, encoded: Encoded) -> None:
    data = vasa.facts[encoded.file].decode().encode(encoded.encoding)
    found = check(replace(vasa, facts={**vasa.facts, encoded.file: data})).problems
    assert [problem.code for problem in found] == ([] if encoded.encoding == "utf-8-sig" else ["encoding"])
    assert not any(problem.fix for problem in found)
