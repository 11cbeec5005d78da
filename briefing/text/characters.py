"""Find characters that are invisible or unprintable, and the ends of lines."""

import re
from unicodedata import name

from briefing.problems import Span

UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


# Invisible characters: soft hyphens, fillers, zero-width spaces, marks that change the writing direction, tags, and
# variation selectors that fonts do not support. The two joiners are allowed in emoji and in scripts that join letters.
_JOINING = "\u0600-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
# The pattern begins with a set of all these characters, because a search for alternatives would be slower by far.
HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e"
    "\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"(?:(?<![\u200c\u200d])|(?<![{_JOINING}{_EMOJI}].)|(?![{_JOINING}{_EMOJI}]))"
)
# Files may contain these line ends, but in a message they would move the cursor of a terminal.
UNSEEN = re.compile(f"{UNPRINTABLE.pattern}|[\r\x85\u2028\u2029]|{HIDDEN.pattern}")


def printable(text: str) -> str:
    """Return the text with invisible characters and those that terminals or XML reject written as U+XXXX.

    Tabs and line feeds are kept.
    """
    return UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", text)


def describe(char: str) -> str:
    """Return a character's Unicode name, if it has one, and its code point: ``no-break space (U+00A0)``."""
    code = f"U+{ord(char):04X}"
    known = name(char, "").lower()
    return f"{known} ({code})" if known else code


# The line breaks of YAML 1.1, which include U+0085.
BREAK = re.compile("\r\n|[\n\r\x85]")


def span_at(file: str, before: str) -> Span:
    """Return the span of the character that follows the text ``before``."""
    lines = BREAK.split(before)
    line, column = len(lines), len(lines[-1]) + 1
    return Span(file, line, column, line, column + 1)


def shorten(text: str, most: int) -> str:
    """Return a text with up to ``most`` characters. A longer one is cut at a space, and an ellipsis is added."""
    if len(text) <= most:
        return text
    end = text.rfind(" ", 0, most)
    # Some scripts put no spaces between words.
    if end <= 0:
        end = most
    return text[:end].rstrip(",;:–- ") + "…"
