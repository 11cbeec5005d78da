"""Split a paragraph into sentences."""

import re
from collections.abc import Iterator

# An end mark, with the quotation marks and brackets that it closes, before something that can begin a sentence.
_END = re.compile(r"[.!?…][\"”’»)\]]*\s+(?=[\"“‘«(\[]*[^\W_a-z])|[。！？]")
# A full stop after one of these, or after an initial, does not end a sentence.
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vs|cf|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|"
    r"Dec|Inc|Ltd|Co|Corp|e\.g|i\.e|art|para|p|pp)\.$"
)


def split_sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph, in order and without the space between them.

    A sentence ends at an end mark of Latin, Cyrillic, CJK and similar scripts. The abbreviations are English.
    """
    start = 0
    for found in _END.finditer(paragraph):
        if not _ABBREVIATION.search(paragraph, start, found.start() + 1):
            yield paragraph[start : found.end()].strip()
            start = found.end()
    rest = paragraph[start:].strip()
    if rest:
        yield rest
