"""Variants of English words: spellings, irregular forms, and words with a negative prefix."""

import re
from functools import lru_cache

from briefing.text.normalize import stem

# Both spellings of words such as "colour". A form that does not exist costs one more look-up and matches nothing.
_SPELLINGS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"(?<=[a-z]{3})our", "or"),
        (r"(?<=[a-z]{2})or(?=s|$|ed|ing|abl|it|hood)", "our"),
        (r"is(?=(?:e|es|ed|ing|ation|ations)$)", "iz"),
        (r"iz(?=(?:e|es|ed|ing|ation|ations)$)", "is"),
        (r"(?<=en)c(?=es?$)", "s"),
        (r"(?<=en)s(?=es?$)", "c"),
        (r"tre(?=s?$)", "ter"),
        (r"ter(?=s?$)", "tre"),
        ("^scept", "skept"),
        ("^skept", "scept"),
        ("programme", "program"),
        ("program(?=s?$)", "programme"),
    )
)
# The forms of irregular verbs whose stems differ.
_IRREGULAR = """
arise arose arisen|bear bore borne|beat beaten|become became|begin began begun|bend bent|bind bound|bite bit bitten|
blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought|catch caught|
choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|do did done|draw drew drawn|drink drank drunk|
drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fling flung|
fly flew flown|forbid forbade forbidden|foresee foresaw foreseen|forget forgot forgotten|forgive forgave forgiven|
freeze froze frozen|get got gotten|give gave given|go went gone|grind ground|grow grew grown|hang hung|hear heard|
hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|lean leant|learn learnt|leave left|lend lent|
light lit|lose lost loss|make made|mean meant|meet met|mistake mistook mistaken|overcome overcame|
overthrow overthrew overthrown|pay paid|prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|
see saw seen|seek sought|sell sold|send sent|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|
sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|spend spent|spin spun|stand stood|
steal stole stolen|stick stuck|strike struck stricken|strive strove striven|swear swore sworn|sweep swept|
swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|
undergo underwent undergone|understand understood|undertake undertook undertaken|uphold upheld|wake woke woken|
wear wore worn|weave wove woven|win won|withdraw withdrew withdrawn|withhold withheld|write wrote written|
choice choose chose chosen|defend defence defense
"""
# Words that mean the opposite with the prefix. Others only look alike, such as "press" and "impress".
_PREFIXED = {
    prefix: frozenset(stem(word, "en") for word in text.split())
    for prefix, text in (
        (
            "in",
            """ability accurate active adequate capable complete consistent correct decisive dependent direct
            effective efficient equality formal frequent secure security significant stability sufficient tolerant valid
            visible""",
        ),
        ("im", "balance mature mobile moral partial patient perfect possible practical practicable probable proper"),
        ("il", "legal legitimate literate logical"),
        ("ir", "regular relevant responsible reversible"),
        (
            "dis",
            """advantage agree agreed agreement approve approval connect connected continue continued honest loyal obey
            order organised organized prove proved satisfied similar trust unity""",
        ),
    )
}
_CACHED_WORDS = 1 << 14
# "Less" and "til" are parts of other words that begin with "un".
_LEAST_LETTERS = 4


@lru_cache(1)
def _irregular() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in _IRREGULAR.split("|"):
        stems = {stem(one, "en") for one in group.split()}
        for one in stems:
            found.setdefault(one, set()).update(stems)
    return {one: frozenset(group) for one, group in found.items()}


@lru_cache(_CACHED_WORDS)
def variants(form: str) -> frozenset[str]:
    """Return the stems of a normal form, of its other spellings (colour, color) and of irregular forms of the word."""
    found = {stem(one, "en") for one in (form, *(pattern.sub(other, form) for pattern, other in _SPELLINGS))}
    return frozenset(found.union(*(_irregular().get(one, ()) for one in found)))


@lru_cache(_CACHED_WORDS)
def with_negative_prefix(form: str) -> frozenset[str]:
    """Return the stems of the words that deny a word by a prefix, as "unstable" does."""
    found = set[str]()
    if len(form) >= _LEAST_LETTERS and form.isascii() and form.isalpha():
        found = {stem(prefix + form, "en") for prefix in ("un", "non", "non-")}
        found |= {stem(prefix + form, "en") for prefix, words in _PREFIXED.items() if stem(form, "en") in words}
    return frozenset(found)
