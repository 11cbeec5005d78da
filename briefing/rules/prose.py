"""How a briefing reads."""

import re
from collections.abc import Iterator, Mapping

from briefing.evidence import Names
from briefing.model import Briefing
from briefing.problems import Problem, Span

BOTTOM_LINE_WORDS = 120


def check_bottom_line(briefing: Briefing) -> Iterator[Problem]:
    """A reader gets the answer in a minute.

    ``bottom-line-too-long``: The bottom line has at most ``120`` words.
    """
    if briefing.head is None:
        return
    words = sum(len(sentence.says.split()) for sentence in briefing.head.bottom_line)
    if words > BOTTOM_LINE_WORDS:
        message = f"the bottom line has {words} words; a reader gets it within {BOTTOM_LINE_WORDS}"
        yield Problem(briefing.head.at("bottom_line"), "bottom-line-too-long", message, "shorten it")


# what of a template or a page is no prose: code, markup, addresses, and in pages whatever a link makes checkable
_NO_PROSE = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\A---\n.*?^---$|```.*?```|`[^`\n]*`|<[^>\n]*>|&[#\w]+;|\{[:#. ][^}\n]*\}"
    r"|\[[^\]\n]*\]\((?:\.\./)*f/[^)\n]*\)|\]\([^)\n]*\)|https?://\S+|^\d+\.(?= )",
    re.DOTALL | re.MULTILINE,
)
_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,:/–-]\d+)*\w*")


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
    names = Names(briefing.entities)
    allowed = {entry.text: False for entry in briefing.head.allowed}
    texts = {f"templates/{name}": text for name, text in templates.items()}
    texts |= {f"docs/{path}": text for path, text in pages.items()}
    for file, text in sorted(texts.items()):
        prose = _NO_PROSE.sub(lambda found: re.sub(r"[^\n]", "\0", found[0]), text)
        for entry in sorted(allowed, key=len, reverse=True):
            prose, count = re.subn(rf"(?<!\w){re.escape(entry)}(?!\w)", "\0" * len(entry), prose)
            allowed[entry] |= count > 0
        for number, line in enumerate(prose.split("\n"), 1):
            help = "lead it to a fact: [text](f/<fact>.md), or say in 'allowed' why it may stand"
            for found in _NUMBER.finditer(line):
                place = Span(file, number, found.start() + 1, number, found.end() + 1)
                yield Problem(place, "loose-number", f"'{found[0]}' stands here without a fact", help)
            for name in names.within(line):
                place = Span(file, number, name.start + 1, number, name.start + 1 + len(name.text))
                yield Problem(place, "loose-name", f"'{name.text}' stands here without a fact", help)
    for index, record in enumerate(briefing.head.allowed):
        if not allowed[record.text]:
            message = f"'{record.text}' stands in no template and no page"
            yield Problem(briefing.head.at("allowed", index), "allowed-in-vain", message, "delete the entry")
