"""Compare facts with the text of a source: quotations are exact, and nothing else is copied."""

from collections.abc import Iterator

from briefing.evidence.matching import quoted_phrases
from briefing.evidence.pins import split_parts, text_digest
from briefing.model.briefing import Briefing
from briefing.model.records import Source
from briefing.problems import Problem, Span
from briefing.text.normalize import words

# This many words in a row count as copied. Fewer may be a coincidence or a name.
RUN = 8


def check_wording(briefing: Briefing, source: Source, text: str) -> Iterator[Problem]:
    """Report copied passages and inexact quotations, given the text of a source.

    ``text-mismatch``: The text given with ``--text`` differs from the pinned text.

    The facts would be compared with another version of the source. Pin the new text, or use the old one.

        facts/pins/report.yml
        - digest: 7b0e54c9d6aa1f0e4c3b5d2f8a916e07c4d3b2a190f8e7d6c5b4a3928170f6e5
        + digest: 589b78b89eeae6f384331fcaacef7313f6ccf0373378d8dd32b78ed7db2f81f6

    ``copied``: A piece of text copies eight or more consecutive words from the source.

    Copying may infringe the author's rights. Rewrite the passage in your own words.

        facts/topics/harbour.yml
        -       says: In 1912 the quay was made longer by 40 metres.
        +       says: The quay grew by 40 metres in 1912.

    ``misquoted``: None of the cited paragraphs contains the quoted words in this order.

    Readers take words in quotation marks to be the exact words of the source.

        facts/topics/trade.yml
        -       says: The Port Authority calls the basin “a sea to the door”.
        +       says: The Port Authority calls the basin “a door to the sea”.
    """
    pin = briefing.pin_of.get(source.id)
    if pin and pin.digest != text_digest(text):
        message = f"the given text does not match the pin of '{source.id}'"
        hint = f"use the pinned text, or pin this text: briefing pin {source.id} FILE"
        yield Problem(pin.at("digest"), "text-mismatch", message, hint, subject=source.id)
    # Looking up each run of words in a set is much faster than searching the text for it.
    sequence = _sequence(text)
    runs = {sequence[index : index + RUN] for index in range(len(sequence) - RUN + 1)}
    for record in briefing.everything():
        for path, prose in record.texts():
            yield from _copied(briefing, source, record.at(*path), prose, runs)
    parts = [f" {' '.join(_sequence(part))} " for part in split_parts(text)]
    for fact in briefing.facts:
        numbers = [cited.number for cited in fact.cite if cited.source == source.id]
        # The quotation may come from another cited source, whose text is not given.
        if any(cited.source != source.id for cited in fact.cite) or not numbers:
            continue
        for phrase in quoted_phrases(fact.says):
            # The spaces around it make sure that only whole words match.
            wanted = f" {' '.join(_sequence(phrase))} "
            if not any(wanted in parts[number - 1] for number in numbers if number <= len(parts)):
                place = briefing.find(fact.at("says"), phrase)
                message = f"no cited paragraph of '{source.id}' contains the words \"{phrase}\" in this order"
                yield Problem(place, "misquoted", message, "quote it exactly, or paraphrase it")


def _copied(
    briefing: Briefing, source: Source, span: Span, prose: str, runs: set[tuple[str, ...]]
) -> Iterator[Problem]:
    prose_words = words(prose)
    forms = tuple(word.forms[0] for word in prose_words)
    for index in range(len(forms) - RUN + 1):
        if forms[index : index + RUN] in runs:
            first = prose_words[index]
            last = prose_words[index + RUN - 1]
            run = prose[first.start : last.start + len(last.text)]
            message = f"{RUN} or more words in a row are copied from '{source.id}': \"{run} …\""
            yield Problem(briefing.find(span, first.text), "copied", message, "say it in your own words")
            # A longer run contains several runs of this length, but is one mistake.
            return


def _sequence(text: str) -> tuple[str, ...]:
    return tuple(word.forms[0] for word in words(text))
