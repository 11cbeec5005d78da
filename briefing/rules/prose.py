"""Check the prose of facts, pages and templates."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from briefing.evidence.names import Names, names_in
from briefing.model.briefing import Briefing
from briefing.problems import Problem, Severity, Span
from briefing.text.markdown_source import blank, scan, without_allowed
from briefing.text.yaml_repair import quoted

BOTTOM_LINE_WORDS = 120


def check_bottom_line(briefing: Briefing) -> Iterator[Problem]:
    """Report a bottom line that is too long.

    ``bottom-line-too-long``: The bottom line has more than ``120`` words.

    A reader should get the answer within a minute.

        facts/briefing.yml
          bottom_line:
        -   - says: >-
        -       The harbour opened, which is to say that its basin was open to ships, and that
        -       these could come in and lie there; whether they did, and how often, and for
        -       how long, and with what on board, is a question that many have asked, that
        -       some have answered, and that few have answered in a way that all could agree
        -       on, so that we leave it open here, as we leave open who wished for it, who
        -       paid for the stone, who carried it, and what each of them hoped to gain by it,
        -       all of which a reader may find of interest, and each of which hides the answer
        -       that this page owes to those who have a minute to read it.
        +   - says: The harbour opened in 1900.
              rests_on: [harbour-opened]
    """
    if briefing.head is None:
        return
    words = sum(len(sentence.says.split()) for sentence in briefing.head.bottom_line)
    if words > BOTTOM_LINE_WORDS:
        message = f"the bottom line has {words} words; the limit is {BOTTOM_LINE_WORDS}"
        yield Problem(briefing.head.at("bottom_line"), "bottom-line-too-long", message, "shorten it")


_COMMENTED = re.compile(rb"\S[ \t]+#")
_COMMENT = re.compile(r"[ \t]+#(?P<glued>[^\s#])?(?P<number>\s*\d)?.*")


def check_comments(briefing: Briefing) -> Iterator[Problem]:
    """Report texts that YAML cuts off at a ``#``.

    ``comment-in-text`` (warning): An unquoted value contains a ``#`` after a space, so YAML reads the rest as a
    comment.

    Readers would not see the rest of the value. If you meant to write a comment, end the sentence before it and put a
    space after the ``#``.

    Fix: check it first; it puts the whole line in quotes, even if part of it is a comment.

        facts/topics/harbour.yml
        -       says: The quay #2 was lengthened, the report says.
        +       says: The quay was lengthened, the report says.
    """
    lines = {
        file: data.decode("utf-8-sig").splitlines()
        for file, data in briefing.files.items()
        if not file.startswith("facts/pins/") and file not in briefing.unread and _COMMENTED.search(data)
    }
    if not lines:
        return
    for record in briefing.everything():
        if record.at().file not in lines:
            continue
        for path, text in record.texts():
            span = record.at(*path)
            first = lines[span.file][span.line - 1]
            if first[span.column - 1] in "\"'|>" or span.end_line > len(lines[span.file]):
                continue
            last = lines[span.file][span.end_line - 1]
            comment = _COMMENT.fullmatch(last, span.end_column - 1)
            if comment is None:
                continue
            if comment["glued"] or comment["number"] or (path == ("says",) and text[-1] not in '.!?…"”'):
                fix, start = "", span.end_column
                if span.line == span.end_line:
                    fix, start = quoted(first[span.column - 1 :].rstrip()), span.column
                place = Span(span.file, span.end_line, start, span.end_line, len(last.rstrip()) + 1)
                message = f"YAML reads everything from '{comment[0].strip()[:20].strip()}' on as a comment"
                hint = "if it is part of the value, put the value in quotes"
                if comment["glued"]:
                    hint += "; if it is a comment, put a space after its '#'"
                yield Problem(place, "comment-in-text", message, hint, Severity.WARNING, fix)


_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_FACT = re.compile(r"(?:\.\./)*f/")
_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,:/–-]\d+)*\w*")


def _blank_markup(text: str) -> str:
    """Return a template or page with spaces in place of links to facts and everything else that is not prose."""
    text = _JINJA.sub(lambda found: blank(found[0]), text)
    prose = list(text)
    for piece in scan(text):
        # The text of a link is prose, unless the link leads to a fact that supports it.
        is_text_prose = piece.kind == "link" and not _FACT.match(text, piece.target_start)
        start = piece.target_start if is_text_prose else piece.start
        prose[start : piece.end] = blank(text[start : piece.end])
    return "".join(prose)


@lru_cache(256)
def _find_uncited(
    file: str, text: str, names: Names, allowed: tuple[str, ...]
) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Return the numbers and names of one file that lead to no fact, and the allowed texts that it contains."""
    prose = _blank_markup(text)
    uncited = []
    prose, used = without_allowed(prose, allowed)
    hint = "link it to a fact: [text](f/<fact>.md), or add it to 'allowed' with a reason"
    for number, line in enumerate(prose.split("\n"), 1):
        for found in _NUMBER.finditer(line):
            place = Span(file, number, found.start() + 1, number, found.end() + 1)
            uncited.append(Problem(place, "uncited-number", f"'{found[0]}' is not linked to a fact", hint))
        for name in names.within(line):
            place = Span(file, number, name.start + 1, number, name.start + 1 + len(name.text))
            uncited.append(Problem(place, "uncited-name", f"'{name.text}' is not linked to a fact", hint))
    return tuple(uncited), tuple(used)


def check_loose_ends(briefing: Briefing, templates: Mapping[str, str], pages: Mapping[str, str]) -> Iterator[Problem]:
    """Report numbers and names in templates and pages that lead to no fact.

    ``uncited-number``: A page or template contains a number that is neither in a link to a fact nor listed in
    ``allowed``.

    Readers cannot see what supports it, and it could stay on the page after the fact changes.

        docs/method.md
        - A fact takes 3 steps; a quay of 40 metres is one.
        + A fact takes 3 steps; [a quay of 40 metres](f/quay-longer.md) is one.

    ``uncited-name``: A page or template contains the name of an actor, place or term that is neither in a link to a
    fact nor listed in ``allowed``.

    Readers cannot see what supports a statement about it.

        docs/method.md
        - A fact takes 3 steps; the Port Authority knows [a quay of 40 metres](f/quay-longer.md).
        + A fact takes 3 steps; [a quay of 40 metres](f/quay-longer.md) is one.

    ``unused-allowance``: ``allowed`` lists a piece of text that no template, page or table contains, or
    ``from_unpinned`` one that is not in the fact.

    The entry may be misspelt, or it could later permit a number that should link to a fact.

        facts/briefing.yml
          allowed:
        -   - text: 5 steps
        -     because: Steps of another method.
            - text: 3 steps
              because: Steps of the method are no fact.
    """
    if briefing.head is None:
        return
    names = names_in(briefing)
    allowed = {entry.text: False for entry in briefing.head.allowed}
    texts = {f"templates/{name}": text for name, text in templates.items()}
    texts |= {f"docs/{path}": text for path, text in pages.items()}
    for file, text in sorted(texts.items()):
        uncited, used = _find_uncited(file, text, names, tuple(allowed))
        yield from uncited
        allowed |= dict.fromkeys(used, True)
    for topic in briefing.topics:
        for cell in (cell for table in topic.tables for row in table.rows for cell in row.cells):
            allowed |= dict.fromkeys(without_allowed(cell.says, allowed)[1], True)
    for index, record in enumerate(briefing.head.allowed):
        if not allowed[record.text]:
            message = f"no template, page or table contains '{record.text}'"
            yield Problem(briefing.head.at("allowed", index), "unused-allowance", message, "delete the entry")
