"""Check texts for values that are no sentence and for damage by encodings and word processors."""

import re
from collections.abc import Iterator

from briefing.model.briefing import Briefing
from briefing.model.records import BottomLine, Fact, Judgment
from briefing.problems import Problem, Severity, Span
from briefing.text.scripts import MixedWord, letter_names, mixed_words
from briefing.text.yaml_repair import IN_TYPOGRAPHIC_QUOTES, quoted

# A single word may be a placeholder, or what YAML 1.1 reads as an empty value or a truth value.
_LEAST_WORDS = 2
# Letters that UTF-8 gives if it is read as Latin-1. Most texts have none of them, and the import takes time.
_SUSPECT = re.compile("[ÂÃâÐÑØÙÎÏð]")


def check_texts(briefing: Briefing) -> Iterator[Problem]:
    """Report statements that are no sentence, values in typographic quotation marks, and wrong characters.

    ``not-a-sentence``: The statement is a single word or sign, such as ``~`` or ``no``.

    It would be published as it is, because the check reads every value as text.

        facts/topics/harbour.yml
        -       says: ~
        +       says: The survey of the harbour basin ran from 1903 to 1905.

    ``quotes-around-value`` (warning): The whole value is in typographic quotation marks.

    YAML knows only straight ones, so readers would see these.

    Fix: check it first; the value may be a quotation from beginning to end.

        facts/topics/harbour.yml
        -       says: “The quay was made longer.”
        +       says: The quay was made longer.

    ``damaged-characters``: The text was read in the wrong encoding, and has for example ``â€™`` for an apostrophe.

    Readers could not read it.

        facts/topics/harbour.yml
        - title: The harbourâ€™s quay
        + title: The harbour

    ``mixed-scripts`` (warning): A word has letters of another script that look like its own, such as a Cyrillic ``а``
    in ``quаy``.

    Readers see no difference, but searching for the word does not find it.

    Fix: check it first; a name may mix scripts on purpose.

        facts/glossary.yml
        -   explains: A lаnding place.
        +   explains: A landing place.
    """
    for record in briefing.everything():
        for path, text in record.texts():
            is_statement = isinstance(record, Fact | Judgment | BottomLine) and path == ("says",)
            if is_statement and len(text.split()) < _LEAST_WORDS:
                message = f"'{text}' is not a sentence"
                yield Problem(record.at(*path), "not-a-sentence", message, "write a sentence")
            if IN_TYPOGRAPHIC_QUOTES.fullmatch(text):
                message = "the value is in typographic quotation marks, which YAML reads as part of the text"
                span = record.at(*path)
                fix = quoted(text[1:-1]) if span.line == span.end_line else ""
                hint = "delete them, or use straight ones"
                yield Problem(span, "quotes-around-value", message, hint, Severity.WARNING, fix)
            if _SUSPECT.search(text) and (right := _repaired(text)) != text:
                message = f"the characters are damaged; this may be meant: {right}"
                yield Problem(record.at(*path), "damaged-characters", message, "write the right characters")
            # An address has to stay as it is.
            for word in mixed_words(text) if "://" not in text else ():
                yield _mixed_scripts(briefing, record.at(*path), word)


def _mixed_scripts(briefing: Briefing, span: Span, word: MixedWord) -> Problem:
    message = f"'{word.text}' mixes scripts: {' and '.join(letter_names(*word))}"
    place = briefing.find(span, word.text)
    is_found = place.line == place.end_line and place.end_column - place.column == len(word.text)
    fix = word.meant if is_found else ""
    hint = f"write '{word.meant}' with the letters of one script"
    return Problem(place, "mixed-scripts", message, hint, Severity.WARNING, fix)


def _repaired(text: str) -> str:
    from ftfy import fix_encoding

    return fix_encoding(text)
