"""Characters that cannot be seen or printed, and where lines end."""

import re

from briefing.problems import Span

UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


# What cannot be seen: soft hyphens, fillers, spaces without a width, characters that reverse the order of others, tags,
# and variation selectors that no font has. The two joiners are needed in scripts that join letters, and in emoji.
_JOINING = "\u0600-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e"
    "\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<![{_JOINING}{_EMOJI}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}{_EMOJI}])"
)
# A file may have these line ends, but in a message a terminal would obey them.
UNSEEN = re.compile(f"{UNPRINTABLE.pattern}|[\r\x85\u2028\u2029]|{HIDDEN.pattern}")


def printable(text: str) -> str:
    """The text with what a terminal obeys, no XML may hold or nobody sees as U+XXXX; tabs and line feeds stay."""
    return UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", text)


# What ends a line of YAML 1.1, which also counts U+0085.
BREAK = re.compile("\r\n|[\n\r\x85]")


def span_at(file: str, before: str) -> Span:
    """The place just behind the text ``before``."""
    lines = BREAK.split(before)
    line, column = len(lines), len(lines[-1]) + 1
    return Span(file, line, column, line, column + 1)
