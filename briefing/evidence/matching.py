"""What a cited paragraph must contain: numbers, names, dates and quoted words of a fact."""

import re
from dataclasses import dataclass

from briefing.evidence.names import Names
from briefing.model.records import Fact
from briefing.text.edtf import Edtf, printed_parts
from briefing.text.normalize import PERCENT, is_number, words
from briefing.text.normalize import forms as forms_of

MARGIN = 1.25  # how much better another paragraph must fit before it is called the better one
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
# what a number may count: the number and its unit are checked together
_UNITS = {
    form: (unit, f"{unit}s")
    for unit in "year month week day hour decade metre kilometre".split()
    for form in (unit, f"{unit}s")
} | {PERCENT: (PERCENT,)}


@dataclass(frozen=True, slots=True)
class Token:
    """Something hard that a fact says: at least one spelling must stand whole in a cited paragraph."""

    what: str  # for the reader of a problem: number, name, date, quoted word …
    text: str
    path: tuple[str | int, ...]  # the field that says it
    spellings: tuple[tuple[str, ...], ...]
    entities: frozenset[str] = frozenset()


def quoted_phrases(text: str) -> list[str]:
    """What stands inside double quotation marks."""
    return _QUOTED.findall(text)


def hard_tokens(fact: Fact, names: Names) -> list[Token]:
    """All that must stand in a paragraph that the fact cites."""
    return [
        *_numbers(fact),
        *(
            Token(
                "name",
                name.text,
                ("says",),
                tuple(s for id in sorted(name.entities) for s in names.of[id]),
                name.entities,
            )
            for name in names.within(fact.says)
        ),
        *(
            Token("subject", id, ("about", index), names.of[id], frozenset({id}))
            for index, id in enumerate(fact.about)
            if id in names.of
        ),
        *(
            [Token("speaker", fact.by, ("by",), names.of[fact.by], frozenset({fact.by}))]
            if fact.by and fact.by in names.of
            else []
        ),
        *(
            Token("quoted word", word.text, ("says",), (word.forms[:1],))
            for quoted in quoted_phrases(fact.says)
            for word in words(quoted)
        ),
        *(_printed_date(fact.when) if fact.when and not fact.derived else []),
        *(
            Token("word", text, ("words", index), (tuple(form for word in words(text) for form in word.parts),))
            for index, text in enumerate(fact.words)
        ),
    ]


def _numbers(fact: Fact) -> list[Token]:
    found = []
    said = words(fact.says)
    for index, word in enumerate(said):
        for form in word.parts:
            if is_number(form):
                after = [*word.parts[1:], *(said[index + 1].parts[:1] if index + 1 < len(said) else ())][:1]
                units = [unit for format_count in after for unit in _UNITS.get(format_count, ())]
                spellings = tuple((form, unit) for unit in units) or ((form,),)
                found.append(Token("number", word.text, ("says",), spellings))
    return found


def _printed_date(when: Edtf) -> list[Token]:
    return [
        Token("date", spellings[0], ("when",), tuple(tuple(forms_of(spelling)) for spelling in spellings))
        for spellings in printed_parts(when)
    ]
