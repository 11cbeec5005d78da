"""Whose words the sentences of an English source give."""

from collections.abc import Set as AbstractSet
from functools import lru_cache

from briefing.evidence.logic_words import SPEAKING
from briefing.evidence.negation import content
from briefing.evidence.neighbours import beside_names
from briefing.text.normalize import stem, words
from briefing.text.sentences import split_sentences

# A name after the verb is the speaker's if it is as close as in "said the minister of trade, Anna Beru".
_MOST_CHARACTERS_AFTER = 50
_PRONOUNS = frozenset("he she they it i we his her their its our my".split())
# Several rules need the speakers in the same text.
_CACHED_TEXTS = 1 << 10


@lru_cache(_CACHED_TEXTS)
def find_words_by_speaker(text: str) -> frozenset[tuple[str, str]]:
    """Return pairs: a word from the name of a possible speaker of a sentence, and a stem in the sentence.

    A pronoun stands for the speaker of an earlier sentence. If no speaker of a sentence is named, the name is empty.
    Stems of names are left out. Nothing is returned if the text names no speaker at all.
    """
    found = set[tuple[str, str]]()
    speakers: AbstractSet[str] = frozenset()
    for sentence in split_sentences(text):
        own, has_pronoun = _speakers(sentence)
        named = own
        if has_pronoun:
            named = own | speakers if speakers else frozenset()
        found.update((name, one) for name in named or ("",) for one in find_lower_case_stems(sentence))
        speakers = own or speakers
    return frozenset(found) if speakers else frozenset()


def find_lower_case_stems(text: str) -> frozenset[str]:
    """Return the stems of the words with content that do not begin with a capital."""
    return frozenset(stem(form, "en") for form in content([word for word in words(text) if word.text[0].islower()]))


def _speakers(sentence: str) -> tuple[AbstractSet[str], bool]:
    """Return the words of the names before a verb of saying or close after it, and whether a pronoun can be meant."""
    spoken = [word for word in words(sentence) if SPEAKING.intersection(word.forms)]
    if not spoken:
        return set(), False
    end = max(word.start + len(word.text) for word in spoken)
    near = beside_names(sentence)
    names = {key for name in near if name.start <= end + _MOST_CHARACTERS_AFTER for key in name.keys}
    # In "Ayra says that it fell", "it" does not speak; in "said he", "he" does.
    has_pronoun = any(_PRONOUNS.intersection(word.forms) for word in words(sentence) if word.start <= end + 1)
    return names - SPEAKING, has_pronoun
