"""How a briefing reads."""

from collections.abc import Iterator

from briefing.model import Briefing
from briefing.problems import Problem

BOTTOM_LINE_WORDS = 120


def check_bottom_line(briefing: Briefing) -> Iterator[Problem]:
    """``bottom-line-too-long``: a reader gets the answer within 120 words."""
    if briefing.head is None:
        return
    words = sum(len(sentence.says.split()) for sentence in briefing.head.bottom_line)
    if words > BOTTOM_LINE_WORDS:
        message = f"the bottom line has {words} words; a reader gets it within {BOTTOM_LINE_WORDS}"
        yield Problem(briefing.head.at("bottom_line"), "bottom-line-too-long", message, "shorten it")
