"""How a briefing's sentences read."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from briefing.evidence.names import Names, names_in
from briefing.model.briefing import Briefing
from briefing.problems import Problem, Severity, Span
from briefing.text.markdown_source import blank, scan
from briefing.text.yaml_repair import quoted

BOTTOM_LINE_WORDS = 120


def check_bottom_line(briefing: Briefing) -> Iterator[Problem]:
    """A reader gets the answer in a minute.

    ``bottom-line-too-long``: The bottom line has at most ``120`` words.

        facts/briefing.yml
          bottom_line:
        -   - says: >-
        -       The harbour opened, which is to say that its basin was open to ships, and that
        -       these could come in and lie there; whether they did, and how often, and for
        -       how long, and with what on board, is a question that many have asked, that
        -       some have answered, and that nobody has answered in a way that all could agree
        -       on, so that we leave it open here, as we leave open who wished for it, who
        -       paid for the stone, who carried it, and what each of them hoped to gain by it,
        -       all of which a reader may find of interest, but none of which is the answer
        -       that this page owes to those who have a minute to read it.
        +   - says: The harbour opened in 1900.
              rests_on: [harbour-opened]
    """
    if briefing.head is None:
        return
    words = sum(len(sentence.says.split()) for sentence in briefing.head.bottom_line)
    if words > BOTTOM_LINE_WORDS:
        message = f"the bottom line has {words} words; a reader gets it within {BOTTOM_LINE_WORDS}"
        yield Problem(briefing.head.at("bottom_line"), "bottom-line-too-long", message, "shorten it")


_COMMENTED = re.compile(rb"\S[ \t]+#")
_COMMENT = re.compile(r"[ \t]+(?P<glued>#[^\s#].*)|[ \t]+#.*(?P<ends>[.!?])\s*")


def check_comments(briefing: Briefing) -> Iterator[Problem]:
    """No text is lost to a comment.

    ``comment-in-text``: No text without quotes holds a ``#`` behind a space, where YAML begins a comment. A comment of
    one's own has a space behind its ``#``, and where it follows a sentence, that sentence is whole (warning).

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
            if comment["glued"] or (path == ("says",) and text[-1] not in '.!?…"”'):
                fix, start = "", span.end_column
                if span.line == span.end_line:
                    fix, start = quoted(first[span.column - 1 :].rstrip()), span.column
                place = Span(span.file, span.end_line, start, span.end_line, len(last.rstrip()) + 1)
                message = f"from '{comment[0].strip()[:20].strip()}' on it is a comment: nobody reads it"
                hint = "put the value in quotes; a comment has a space behind its '#'"
                yield Problem(place, "comment-in-text", message, hint, Severity.WARNING, fix)


_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_FACT = re.compile(r"(?:\.\./)*f/")
_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,:/–-]\d+)*\w*")


def _blank_markup(text: str) -> str:
    """Return a template or page with blanks for all that is not prose, and for the links that lead to a fact."""
    text = _JINJA.sub(lambda found: blank(found[0]), text)
    prose = list(text)
    for piece in scan(text):
        # the text of a link is prose, unless the fact that it leads to answers for it
        is_text_prose = piece.kind == "link" and not _FACT.match(text, piece.target_start)
        start = piece.target_start if is_text_prose else piece.start
        prose[start : piece.end] = blank(text[start : piece.end])
    return "".join(prose)


@lru_cache(256)
def _loose_ends(
    file: str, text: str, names: Names, allowed: tuple[str, ...]
) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """The loose ends of one file, and which of the allowed texts stand there."""
    prose = _blank_markup(text)
    used, ends = [], []
    for entry in sorted(allowed, key=len, reverse=True):
        prose, count = re.subn(rf"(?<!\w){re.escape(entry)}(?!\w)", blank(entry), prose)
        if count:
            used.append(entry)
    hint = "lead it to a fact: [text](f/<fact>.md), or say in 'allowed' why it may stand"
    for number, line in enumerate(prose.split("\n"), 1):
        for found in _NUMBER.finditer(line):
            place = Span(file, number, found.start() + 1, number, found.end() + 1)
            ends.append(Problem(place, "loose-number", f"'{found[0]}' stands here without a fact", hint))
        for name in names.within(line):
            place = Span(file, number, name.start + 1, number, name.start + 1 + len(name.text))
            ends.append(Problem(place, "loose-name", f"'{name.text}' stands here without a fact", hint))
    return tuple(ends), tuple(used)


def check_loose_ends(briefing: Briefing, templates: Mapping[str, str], pages: Mapping[str, str]) -> Iterator[Problem]:
    """What templates and pages state leads to a fact.

    A number or a name of this briefing's records stands there only inside a link to a fact's page, or with a reason in
    ``allowed`` of facts/briefing.yml.

    ``loose-number``: A number on a page that somebody wrote leads to a fact.

        docs/method.md
        - A fact takes 3 steps; a quay of 40 metres is one.
        + A fact takes 3 steps; [a quay of 40 metres](f/quay-longer.md) is one.

    ``loose-name``: A name on a page that somebody wrote leads to a fact.

        docs/method.md
        - A fact takes 3 steps; the Port Authority knows [a quay of 40 metres](f/quay-longer.md).
        + A fact takes 3 steps; [a quay of 40 metres](f/quay-longer.md) is one.

    ``allowed-in-vain``: What is allowed to stand without a fact stands somewhere.

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
        ends, used = _loose_ends(file, text, names, tuple(allowed))
        yield from ends
        allowed |= dict.fromkeys(used, True)
    for index, record in enumerate(briefing.head.allowed):
        if not allowed[record.text]:
            message = f"'{record.text}' stands in no template and no page"
            yield Problem(briefing.head.at("allowed", index), "allowed-in-vain", message, "delete the entry")
