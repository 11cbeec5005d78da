"""Suggest what the author of an invalid value probably meant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from briefing.model.fields import Kind
from briefing.problems import KnownIds
from briefing.text.normalize import ascii_digits, words
from briefing.text.scripts import as_latin, letter_names

_NO_SLUG = re.compile(r"[^a-z0-9]+")
# Word processors put these in place of hyphens.
_DASHES = re.compile("[\u2010-\u2015\u2212_]")
_COPY = re.compile(r"copy-of-(?P<after>.+)|(?P<before>.+?)(?:-copy(?:-\d+)?|-\d+)")
_NUMBER = r"[1-9]\d{0,5}(?:\.\d{1,4})*"
# What people write between the items of a list, also in East Asian scripts.
_SEPARATOR = re.compile(r"\s*[,;\u3001\uff0c\uff1b]\s*|\s+[/|]\s+")
_FILLERS = {"and", "&", "the"}
_SPACED_CITATIONS = re.compile(rf"[a-z0-9-]+:{_NUMBER}(?:\s+(?:and\s+|&\s+)?[a-z0-9-]+:{_NUMBER})+", re.ASCII)
_SCHEME = re.compile(r"^https?://(?:www\.)?")
_UNITS = {"paragraph": "¶+|par(?:a|agraph)?s?", "page": "pp?|pages?", "article": "art(?:icle)?s?"}
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
_CITATION = re.compile(
    rf"(?P<source>[^,;]*?[^\s,;])(?P<between>[^\w¶§#-]+|(?=[¶§#]))(?:(?:{_UNIT}|no|[§#])\.?\s*)?"
    rf"(?P<parts>{_NUMBER}(?:\s*[-,;&]\s*{_NUMBER})*)[)\]]?",
    re.ASCII | re.IGNORECASE,
)
_MOST_PARTS = 20
_DECIMAL = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)
_DEGREES = re.compile(
    r"""(?P<sign>-?)(?P<degrees>\d{1,3}(?:\.\d+)?)\s*[°º]?\s*
    (?:(?P<minutes>[0-5]?\d(?:\.\d+)?)\s*['’′]\s*)?
    (?:(?P<seconds>[0-5]?\d(?:\.\d+)?)\s*(?:["”″]|''|’’|′′)\s*)?
    (?P<side>[NESW]?)""",
    re.VERBOSE | re.ASCII,
)
_QUOTES = "\"'“”„‘’«»"
_LINK = re.compile(r"\[[^\]]*\]\((?P<url>[^)\s]+)\)")
_DOI = re.compile(r"(?P<label>doi: *)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE | re.ASCII)
_DOT_AFTER_DOMAIN = re.compile(r"(?P<host>https?://[^/?#:]+\.[^/?#:.]+)\.(?=[/?#:]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was probably meant by an invalid value: a text, or a list of texts for a field that accepts one.

    ``is_safe`` says that nothing else can be meant. ``hint`` is an instruction, if there is a better one than that for
    the kind of value. A suggestion without a value has only the hint. ``source`` is the source of a citation that lacks
    its part.
    """

    value: str | list[str] = ""
    is_safe: bool = False
    hint: str = ""
    source: str = ""

    @property
    def values(self) -> list[str]:
        """The value as a list, which has an empty text if there is none."""
        return [self.value] if isinstance(self.value, str) else self.value


@dataclass(frozen=True, slots=True)
class Known:
    """The records that a briefing's files contain, even those with problems.

    ``ids`` has the ids of each kind of record; ``entities`` has those of actors, places and terms by each of their
    spellings, in lower case; ``sources`` those of sources by their titles, in lower case, and their web addresses;
    ``parts`` the unit and the number of the parts of each source that has both. ``listed`` are the topics that the
    briefing lists, with or without a file; ``unended`` has the line after the last one of each file that ends without
    a line break.

    Comparing thousands of misspelt words takes minutes, so only the first ones are compared with each set of words.
    """

    ids: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    unended: Mapping[str, int] = field(default_factory=dict)
    _compared: dict[frozenset[str], KnownIds] = field(default_factory=dict, compare=False)
    _spellings: dict[Kind, Mapping[str, str]] = field(default_factory=dict, compare=False)

    def nearest(self, word: str, words: frozenset[str]) -> str:
        """Return the most similar of some words, or an empty text if none is close."""
        if words not in self._compared:
            self._compared[words] = KnownIds(words)
        return self._compared[words].nearest(word)

    def spelt(self, text: str, kind: Kind) -> str:
        """Return the id of the actor, place or term of a kind whose spelling is the most similar, or an empty text."""
        if kind not in self._spellings:
            ids = self.ids.get(kind, frozenset())
            self._spellings[kind] = {spelling: found for spelling, found in self.entities.items() if found in ids}
        spellings = self._spellings[kind]
        folded = text.casefold()
        return spellings.get(folded) or spellings.get(self.nearest(folded, frozenset(spellings)), "")


def meant_id(text: str) -> str:
    """Return the id closest to a text."""
    return _NO_SLUG.sub("-", normalize("NFKD", _plain(text)).encode("ascii", "ignore").decode().lower()).strip("-")


def copied_from(name: str) -> str:
    """Return the name of the file that a copy with this name was probably made from (copy-of-loss, loss-copy-2,
    loss-1), or an empty text.
    """
    found = _COPY.fullmatch(name)
    return found["after"] or found["before"] if found else ""


def source_key(text: str) -> str:
    """Return the form of a title or web address in which two that differ only in notation are equal."""
    return _SCHEME.sub("", _plain(text).strip(f"{_QUOTES}<>").casefold()).rstrip("/")


def is_same(text: str, word: str) -> bool:
    """Return whether two words differ only in case, hyphens, spaces, kind of digits, or letters that look alike."""
    return _fold(text) == _fold(word)


def _fold(text: str) -> str:
    return re.sub(r"\s+", "-", _plain(text.strip())).casefold()


def suggest_reference(text: str, kind: Kind, known: Known) -> Suggestion:
    """Suggest the id of an existing record of a kind, or the ids if the text has several."""
    ids = known.ids.get(kind, frozenset())
    slug = meant_id(text)
    if slug in ids:
        return Suggestion(slug, is_safe=is_same(text, slug))
    named = _named_source(text, known) if kind == "source" else None
    if named:
        return named
    # A name has spaces too, but its words are seldom ids.
    is_name = text.casefold() in known.entities or ids.isdisjoint(text.split())
    items = _items(text, at_spaces=kind != "source" and not is_name)
    if len(items) > 1:
        return _join(text, items, [suggest_reference(item, kind, known) for item in items])
    return Suggestion(known.spelt(text, kind) or known.nearest(slug, ids))


def suggest_citation(text: str, known: Known) -> Suggestion:
    """Suggest the citation, or the citations, of existing parts of existing sources."""
    whole = _whole_source(text, known)
    source = str(whole.value)
    if source in known.parts:
        return Suggestion(hint=f"that is the source '{source}': {_add_number(source, known)}", source=source)
    if source:
        return whole
    is_spaced = bool(_SPACED_CITATIONS.fullmatch(text))
    bare = _plain(text).strip(_QUOTES)
    found = _CITATION.fullmatch(bare)
    if found and not is_spaced:
        suggestion = _suggest_parts(found, known)
        # A quote on one side may have been typed in place of a digit.
        is_in_quotes = text[:1] in _QUOTES and text[-1:] in _QUOTES
        return replace(suggestion, is_safe=suggestion.is_safe and (bare == _plain(text) or is_in_quotes))
    items = _items(text, at_spaces=is_spaced)
    if len(items) < 2:
        return Suggestion()
    return _join(text, items, [suggest_citation(item, known) for item in items])


def _items(text: str, *, at_spaces: bool) -> list[str]:
    """Return the items between the separators of a list, or the words if there is none."""
    items = [item for item in _SEPARATOR.split(text.strip()) if item]
    if len(items) == 1 and at_spaces:
        items = [word for word in text.split() if word not in _FILLERS]
    return items


def _join(text: str, items: list[str], each: list[Suggestion]) -> Suggestion:
    """Suggest a list of what is suggested for each item. It is safe if only the commas are wrong."""
    values = [value for suggestion in each for value in suggestion.values]
    if not all(values):
        return Suggestion()
    is_complete = values == items == _SEPARATOR.sub(" ", text).split()
    is_safe = is_complete and len({*values}) == len(values)
    return Suggestion(values, is_safe, "put a comma between the items of the list")


def suggest_number(text: str, *, is_whole: bool) -> Suggestion:
    """Suggest a number in ASCII digits."""
    digits = ascii_digits(text.strip()).replace("\N{MINUS SIGN}", "-")
    if is_whole and re.fullmatch(r"\d+\.0+", digits, re.ASCII):
        return Suggestion(digits.partition(".")[0], is_safe=True)
    if not is_whole and re.fullmatch(r"-?\d+,\d+", digits, re.ASCII):
        return Suggestion(digits.replace(",", "."), is_safe=True)
    if _DECIMAL.fullmatch(digits):
        return Suggestion(digits, is_safe=True)
    # Python reads 4_8 as 48, but the sign may stand for another.
    if _DECIMAL.fullmatch(digits.replace("_", "")):
        return Suggestion(digits.replace("_", ""))
    found = words(text)
    if len(found) != 1 or not found[0].forms[0].isdigit():
        return Suggestion()
    is_only_spelt = bool(re.fullmatch(r"[A-Za-z]+\.?|\d{1,3}(?:,\d{3})+", text, re.ASCII))
    return Suggestion(found[0].forms[0], is_only_spelt)


def suggest_degrees(text: str, sides: str) -> Suggestion:
    """Suggest the decimal degrees of a coordinate in degrees, minutes and seconds.

    ``sides`` are the letters of the positive and the negative side.
    """
    found = _DEGREES.fullmatch(ascii_digits(text.strip()).replace(",", ".").upper())
    if not found or found["side"] not in ("", *sides) or (found["sign"] and found["side"]):
        return Suggestion()
    degrees = found["degrees"]
    # A minute is 1.9 km or less, and a second 31 metres.
    if found["minutes"] or found["seconds"]:
        exact = float(degrees) + float(found["minutes"] or 0) / 60 + float(found["seconds"] or 0) / 3600
        degrees = f"{exact:.4f}" if found["seconds"] else f"{exact:.2f}"
    is_negative = found["sign"] or found["side"] == sides[1]
    return Suggestion(f"-{degrees}" if is_negative else degrees)


def suggest_url(text: str) -> Suggestion:
    """Suggest the web address that a text contains, or that it becomes with its scheme."""
    bare = text.strip(f"{_QUOTES}<> ")
    if link := _LINK.fullmatch(bare):
        # The text of the link is lost.
        return Suggestion(link["url"], hint="write only the address")
    if doi := _DOI.fullmatch(bare):
        hint = "write the address at which doi.org resolves it"
        return Suggestion(f"https://doi.org/{doi['doi']}", is_safe=bool(doi["label"]), hint=hint)
    if _HOST.fullmatch(bare):
        # The site may not use TLS.
        return Suggestion(
            f"https://{bare}", hint="start it with https://, or with http:// if the site does not use TLS"
        )
    scheme, colon, rest = bare.partition("://")
    if not colon:
        return Suggestion()
    # A dot at the end of the host may also be where the rest was cut off.
    if _DOT_AFTER_DOMAIN.match(bare):
        return Suggestion(_DOT_AFTER_DOMAIN.sub(r"\g<host>", bare))
    hint = ""
    if bare != text:
        hint = "write only the address, without quotation marks or brackets"
    elif scheme != scheme.lower():
        hint = f"write {scheme.lower()} in lower case"
    return Suggestion(f"{scheme.lower()}://{rest}", is_safe=True, hint=hint)


def describe_letters(text: str) -> str:
    """Return an instruction about the letters of a text that only look like Latin ones, or an empty text."""
    latin = as_latin(text)
    names = letter_names(text, latin)
    return f"{' and '.join(names)}; type the Latin letter in its place" if names else ""


def _plain(text: str) -> str:
    """Return a text with Latin letters, ASCII digits and hyphens in place of others that look like them."""
    return as_latin(ascii_digits(_DASHES.sub("-", text)))


def _named_source(text: str, known: Known) -> Suggestion | None:
    """Suggest the source with this title or web address."""
    named = known.sources.get(source_key(text))
    return Suggestion(named, hint=f"that is the source '{named}'") if named else None


def _whole_source(text: str, known: Known) -> Suggestion:
    """Suggest the source that a citation without a part names."""
    slug = meant_id(text)
    if slug in known.ids.get("source", ()):
        # With a space, its last word may be the number of a part.
        return Suggestion(slug, is_safe=" " not in text and is_same(text, slug))
    return _named_source(text, known) or Suggestion()


def _suggest_parts(found: re.Match[str], known: Known) -> Suggestion:
    """Suggest the citations of the parts of a source, if it has all of them."""
    meant = suggest_reference(found["source"], "source", known)
    source = str(meant.value)
    if source not in known.parts:
        return Suggestion()
    unit, count = known.parts[source]
    written = next((name for name in _UNITS if found[name]), unit)
    if written != unit:
        hint = f"the source '{source}' is cited by {unit}, not by {written}: {_add_number(source, known)}"
        return Suggestion(hint=hint, source=source)
    parts = _split_parts(found["parts"])
    if not parts:
        return Suggestion(hint=f"cite each {unit} by itself, as in [{source}:1, {source}:2]")
    if max(int(part.partition(".")[0]) for part in parts) > count:
        return Suggestion(hint=f"the source '{source}' has only {count} {unit}s")
    if len(parts) == 1:
        # Another sign may mean something, and some sources have sections (§) besides their paragraphs.
        is_safe = meant.is_safe and not found["between"].strip(" :,.;=/") and "§" not in found[0]
        return Suggestion(f"{source}:{parts[0]}", is_safe, meant.hint)
    hint = f"cite each {unit} by itself"
    return Suggestion([f"{source}:{part}" for part in parts], hint=hint)


def _add_number(source: str, known: Known) -> str:
    unit, count = known.parts[source]
    return f"write {source}:NUMBER, with the number of the {unit} (1 to {count})"


def _split_parts(text: str) -> list[str]:
    """Return the numbers in a text such as 3, 5-7; an empty list if it is unclear which."""
    parts: list[str] = []
    for piece in re.split("[,;&]", text):
        first, dash, last = piece.replace(" ", "").partition("-")
        if not dash:
            parts.append(first)
        elif first.isdigit() and last.isdigit() and int(first) < int(last) < int(first) + _MOST_PARTS:
            parts += map(str, range(int(first), int(last) + 1))
        else:
            return []
    return parts
