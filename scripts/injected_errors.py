"""Errors for ``scripts/measure-detection``: each function makes wrong variants of one record, one class of error each.

A record is the mapping that its YAML gives, with texts as values. The classes follow FactCC, FRANK and FEVER, and what
ICD 203 forbids. The word lists here are not those of the rules.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from briefing.evidence.detection import Basis

Raw = dict[str, Any]
MONTHS = "January February March April May June July August September October November December".split()
YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
NUMBER = re.compile(r"(?<![\w.,–-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w–]|[.,]\d)")


@dataclass(frozen=True)
class Material:
    """What errors are made of: all facts and names of a briefing."""

    facts: list[Raw]
    actors: dict[str, Raw]
    places: dict[str, Raw]
    counts: dict[str, int]  # the number of parts of each pinned source
    unpinned: list[str]  # citations of sources without a pin
    random: Random = field(compare=False)

    def basis(self, fact: Raw) -> Basis:
        """Return how the words of all sources that the fact cites are known."""
        cited = [one if isinstance(one, dict) else {"source": one.partition(":")[0]} for one in citations(fact)]
        unpinned = [one for one in cited if one["source"] not in self.counts]
        if not unpinned:
            return "pinned"
        return "quoted" if all(one.get("quote") for one in unpinned) else "cited only"

    def is_pinned(self, fact: Raw) -> bool:
        """Return whether a pin exists for every source that the fact cites."""
        return self.basis(fact) == "pinned"


Change = Callable[[Raw, Material], Iterator[Raw]]


def citations(fact: Raw) -> list[str | Raw]:
    """Return the citations of a fact as a list; one with a quotation is a mapping."""
    cite = fact.get("cite", [])
    return list(cite) if isinstance(cite, list) else [cite]


def with_fields(record: Raw, **fields: Any) -> Raw:
    """Return a copy with other values; a field whose value is None is removed."""
    return {name: value for name, value in {**copy.deepcopy(record), **fields}.items() if value is not None}


def _replaced(fact: Raw, pattern: str, new: str | Callable[[re.Match[str]], str], flags: int = 0) -> Iterator[Raw]:
    """Yield a variant for each match of the pattern in the sentence."""
    says = fact["says"]
    for found in re.finditer(pattern, says, flags):
        text = new if isinstance(new, str) else new(found)
        changed = says[: found.start()] + text + says[found.end() :]
        changed = re.sub(r" +", " ", changed).strip()
        if changed != says:
            yield with_fields(fact, says=changed[:1].upper() + changed[1:])


def _swapped_words(pairs: str) -> list[tuple[str, str]]:
    found = []
    for pair in pairs.split("|"):
        one, other = pair.strip().split("/")
        found += [(one, other), (other, one)]
    return found


def _by_pairs(fact: Raw, pairs: list[tuple[str, str]]) -> Iterator[Raw]:
    for old, new in pairs:
        yield from _replaced(fact, rf"\b{re.escape(old)}\b", new)


# --- numbers and dates


def year_in_sentence(fact: Raw, material: Material) -> Iterator[Raw]:
    yield from _replaced(
        fact, YEAR.pattern, lambda year: str(int(year[0]) + material.random.choice((-7, -2, -1, 1, 3)))
    )


def year_in_when(fact: Raw, material: Material) -> Iterator[Raw]:
    when = fact.get("when", "")
    if YEAR.search(when) and not fact.get("derived"):
        step = material.random.choice((-5, -1, 1, 4))
        yield with_fields(fact, when=YEAR.sub(lambda year: str(int(year[0]) + step), when))


def year_in_both(fact: Raw, material: Material) -> Iterator[Raw]:
    for changed in year_in_when(fact, material):
        step = int(YEAR.search(changed["when"])[0]) - int(YEAR.search(fact["when"])[0])  # type: ignore[index]
        both = YEAR.sub(lambda year, step=step: str(int(year[0]) + step), fact["says"])
        if both != fact["says"]:
            yield with_fields(changed, says=both)


def month(fact: Raw, material: Material) -> Iterator[Raw]:
    def other(found: re.Match[str]) -> str:
        return material.random.choice([name for name in MONTHS if name != found[0]])

    yield from _replaced(fact, rf"\b(?:{'|'.join(MONTHS)})\b", other)


def precision(fact: Raw, material: Material) -> Iterator[Raw]:
    when = fact.get("when", "")
    if re.fullmatch(r"\d{4}(-\d\d)?", when) and not fact.get("derived"):
        yield with_fields(fact, when=f"{when}-{material.random.randint(1, 12):02}")


def persian_year(fact: Raw, _: Material) -> Iterator[Raw]:
    when = fact.get("when", "")
    if re.match(r"20\d\d|19\d\d", when):
        yield with_fields(fact, when=f"{int(when[:4]) - 621}{when[4:]}")


def number(fact: Raw, material: Material) -> Iterator[Raw]:
    def other(found: re.Match[str]) -> str:
        value = float(found[0].replace(",", ""))
        changed = value + material.random.choice((1, 2, 3, 5)) * (10 ** max(0, len(str(int(value))) - 2))
        return f"{changed:,.1f}" if "." in found[0] else f"{int(changed):,}"

    yield from _replaced(fact, NUMBER.pattern, other)
    small = "three four five six seven eight nine ten eleven twelve twenty thirty fifty".split()
    yield from _replaced(
        fact,
        rf"\b(?:{'|'.join(small)})\b",
        lambda found: material.random.choice([word for word in small if word != found[0]]),
    )


_COUNT = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty".split()


def numbers_exchanged(fact: Raw, _: Material) -> Iterator[Raw]:
    """Exchange two neighbouring years, or two other neighbouring numbers."""
    says = fact["says"]
    years = list(YEAR.finditer(says))
    months = "|".join(MONTHS)
    # Parts of times, articles, dates and compound numbers count nothing by themselves.
    joined = rf"[-:()]|\s(?:{months})\b"
    others = [
        found
        for found in re.finditer(rf"{NUMBER.pattern}|\b(?:{'|'.join(_COUNT)})\b", says)
        if not YEAR.fullmatch(found[0])
        and not re.match(joined, says[found.end() :])
        and not re.search(rf"[-:()]$|\b(?:{months})\s$", says[: found.start()])
    ]
    for numbers in (years, others):
        for one, other in pairwise(numbers):
            if one[0] != other[0]:
                between = says[one.end() : other.start()]
                changed = says[: one.start()] + other[0] + between + one[0] + says[other.end() :]
                yield with_fields(fact, says=changed)


_UNITS = _swapped_words(
    "billion/million|million/thousand|billion/trillion|dollars/euros|dollars/roubles|tonnes/barrels|tonnes/kilograms|"
    "kilometres/metres|kilometres/miles|metres/feet|francs/pounds|francs/dollars|per cent/percentage points|"
    "cubic metres/cubic feet|barrels a day/barrels a month|hectares/acres"
)


def unit(fact: Raw, _: Material) -> Iterator[Raw]:
    yield from _by_pairs(fact, _UNITS)
    yield from _replaced(fact, r"\$(?=\d)", "€")
    yield from _replaced(fact, r"(?<=\d)%", " percentage points")


_TIMES = _swapped_words("years/months|years/decades|months/weeks|weeks/days|days/hours|year/month|month/week|day/hour")


def time_unit(fact: Raw, _: Material) -> Iterator[Raw]:
    counted = r"(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)"
    for old, new in _TIMES:
        yield from _replaced(fact, rf"\b{counted}([ -]){old}\b", lambda found, new=new: f"{found[1]}{found[2]}{new}")


_DIRECTIONS = _swapped_words(
    "rose/fell|rises/falls|grew/shrank|increased/decreased|higher/lower|more than/less than|over/under|"
    "strengthened/weakened|gained/lost|exports/imports|increase/decline|up/down"
)


def direction(fact: Raw, _: Material) -> Iterator[Raw]:
    if NUMBER.search(fact["says"]):
        yield from _by_pairs(fact, _DIRECTIONS)


# --- names


def name(fact: Raw, material: Material) -> Iterator[Raw]:
    """Swap an actor in the sentence and in ``about``, like an author who confuses the two."""
    for actor in material.actors.values():
        if actor["id"] in fact.get("about", []) and re.search(rf"\b{re.escape(actor['name'])}\b", fact["says"]):
            others = [
                one for one in material.actors.values() if one["kind"] == actor["kind"] and one["id"] != actor["id"]
            ]
            if others and actor["id"] != fact.get("by"):
                other = material.random.choice(others)
                about = [other["id"] if one == actor["id"] else one for one in fact["about"]]
                for changed in _replaced(fact, rf"\b{re.escape(actor['name'])}\b", other["name"]):
                    yield with_fields(changed, about=list(dict.fromkeys(about)))


def place(fact: Raw, material: Material) -> Iterator[Raw]:
    for one in material.places.values():
        if one["id"] in fact.get("about", []) and one["name"] in fact["says"]:
            other = material.random.choice([place for place in material.places.values() if place["id"] != one["id"]])
            about = [other["id"] if each == one["id"] else each for each in fact["about"]]
            changed = fact["says"].replace(one["name"], other["name"])
            yield with_fields(fact, says=changed, about=list(dict.fromkeys(about)))


def unknown_name(fact: Raw, material: Material) -> Iterator[Raw]:
    known = " ".join(one["says"] for one in material.facts)
    who = [one for one in ("Venezuela", "Brazil", "Mongolia", "Peru", "Norway", "Merkel", "Kenya") if one not in known]
    new = material.random.choice(who)
    says = fact["says"].rstrip(".")
    yield with_fields(fact, says=f"{says}, as {new} did.")
    yield with_fields(fact, says=f"{says} together with {new}.")


def speaker(fact: Raw, material: Material) -> Iterator[Raw]:
    speakers = sorted({one["by"] for one in material.facts if one.get("by")})
    if fact.get("by") and len(speakers) > 1:
        other = material.actors[material.random.choice([one for one in speakers if one != fact["by"]])]
        yield with_fields(fact, by=other["id"])
        own = material.actors.get(fact["by"])
        if own:
            last = own["name"].split()[-1]
            says = re.sub(rf"\b{re.escape(own['name'])}\b|\b{re.escape(last)}\b", other["name"], fact["says"])
            about = [other["id"] if one == fact["by"] else one for one in fact.get("about", [])]
            if says != fact["says"]:
                yield with_fields(fact, by=other["id"], says=says, about=list(dict.fromkeys(about)) or None)
    elif speakers and not fact.get("by"):
        yield with_fields(fact, by=material.random.choice(speakers))


def speaker_within(fact: Raw, material: Material) -> Iterator[Raw]:
    """Give the words to another actor of the facts that cite the same paragraph or quotation."""
    own = material.actors.get(fact.get("by", ""))
    if not own:
        return
    cited = [str(one) for one in citations(fact)]
    there = {
        id
        for one in material.facts
        if any(str(each) in cited for each in citations(one))
        for id in (*one.get("about", ()), one.get("by", ""))
    }
    for other in (material.actors[id] for id in sorted(there & material.actors.keys() - {own["id"]})):
        # The last word of another name may be that of a country.
        names = [own["name"], own["name"].split()[-1]] if own["kind"] == "person" else [own["name"]]
        says = re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})\b", other["name"], fact["says"])
        about = [other["id"] if one == own["id"] else one for one in fact.get("about", ())]
        if says != fact["says"]:
            yield with_fields(fact, by=other["id"], says=says, about=list(dict.fromkeys(about)) or None)


def speaker_dropped(fact: Raw, _: Material) -> Iterator[Raw]:
    said = (
        r"^(?:According to [A-Z][^,]+, |[A-Z][\w' ]+ (?:says|said|argues|argued|claims|claimed|believes|holds) that )"
    )
    said += r"|, (?:according to [A-Z][^,.]+|[A-Z][\w' ]+ (?:says|said|argues|argued))(?=[.,])"
    for changed in _replaced(fact, said, ""):
        yield with_fields(changed, by=None)
        yield changed


def misspelt_id(fact: Raw, material: Material) -> Iterator[Raw]:
    for index, one in enumerate(fact.get("about", [])):
        at = material.random.randrange(len(one) - 1)
        turned = one[:at] + one[at + 1] + one[at] + one[at + 2 :]
        if turned != one:
            yield with_fields(fact, about=[*fact["about"][:index], turned, *fact["about"][index + 1 :]])


# --- evidence


def paragraph(fact: Raw, material: Material) -> Iterator[Raw]:
    first, *rest = citations(fact)
    if not isinstance(first, str):
        return
    source, _, part = first.partition(":")
    if source in material.counts and part.isdigit():
        for step in (-2, -1, 1, 2):
            other = int(part) + step
            if 1 <= other <= material.counts[source] and f"{source}:{other}" not in rest:
                yield with_fields(fact, cite=[f"{source}:{other}", *rest])


def citation_dropped(fact: Raw, _: Material) -> Iterator[Raw]:
    if len(citations(fact)) > 1:
        yield with_fields(fact, cite=citations(fact)[1:])


def quotation(fact: Raw, material: Material) -> Iterator[Raw]:
    other = [word for one in material.facts for word in re.findall(r"\b[a-z]{5,}\b", one["says"])]
    for found in re.finditer(r"[“\"]([^”\"]+)[”\"]", fact["says"]):
        quoted = found[1].split()
        index = material.random.randrange(len(quoted))
        altered = [*quoted[:index], material.random.choice(other), *quoted[index + 1 :]]
        for new in (altered, quoted[::-1]):
            if new != quoted:
                says = fact["says"][: found.start(1)] + " ".join(new) + fact["says"][found.end(1) :]
                yield with_fields(fact, says=says)


def exchanged(fact: Raw, material: Material) -> Iterator[Raw]:
    """Put the sentence of the fact before it in its place."""
    index = next((at for at, one in enumerate(material.facts) if one["id"] == fact["id"]), 0)
    if index and material.facts[index - 1]["says"] != fact["says"]:
        yield with_fields(fact, says=material.facts[index - 1]["says"])


# --- meaning


def negation_added(fact: Raw, _: Material) -> Iterator[Raw]:
    verb = r"\b(is|are|was|were|has|have|had|will|would|could|can|should|may|might|does|did)\b(?! not\b| no\b)"
    found = list(_replaced(fact, verb, lambda match: f"{match[0]} not"))
    yield from found[:1]
    past = r"\b(signed|agreed|supplied|sent|bought|said|called|wanted|offered|helped|joined|supported|delivered|used)\b"
    yield from list(_replaced(fact, past, lambda match: f"never {match[0]}"))[:1]


def negation_removed(fact: Raw, _: Material) -> Iterator[Raw]:
    yield from _replaced(fact, r"\b(is|are|was|were|has|have|had|will|would|could|did|does|do|can|should) not\b", r"")
    yield from _replaced(fact, r"\bcannot\b", "can")
    yield from _replaced(fact, r"\bno\b(?! longer)", "a")
    yield from _replaced(fact, r"\bnever\b", "often")
    yield from _replaced(fact, r"\bneither\b([^.]*)\bnor\b", lambda match: f"both{match[1]}and")
    yield from _replaced(fact, r"\bwithout\b", "with")


def roles(fact: Raw, material: Material) -> Iterator[Raw]:
    """Exchange two actors in the sentence: who does what to whom."""
    there = [
        one["name"] for one in material.actors.values() if re.search(rf"\b{re.escape(one['name'])}\b", fact["says"])
    ]
    if len(there) >= 2:
        one, other = sorted(there, key=fact["says"].index)[:2]
        both = re.compile(rf"\b({re.escape(one)}|{re.escape(other)})\b")
        says = both.sub(lambda found: other if found[0] == one else one, fact["says"])
        if says != fact["says"]:
            yield with_fields(fact, says=says)


_OPPOSITES = _swapped_words(
    "postponed/accelerated|supports/opposes|supported/opposed|allowed/banned|close/distant|strong/weak|public/secret|"
    "accepted/refused|stronger/weaker|lifted/imposed|opened/closed|first/last|began/ended|bought/sold|won/lost|"
    "large/small|increase/decrease|expand/limit|deepen/loosen|deepened/loosened|help/harm|helps/harms|useful/useless|"
    "north/south|east/west|friend/enemy|ally/enemy|allies/enemies|peaceful/military|success/failure|gives/takes|"
    "sends/receives|early/late|new/old|rejected/approved|attack/defend|trust/distrust|common/different|joined/left|"
    "direct/indirect|permanent/temporary|possible/impossible|likely/unlikely|important/unimportant|more/less"
)


def opposite(fact: Raw, _: Material) -> Iterator[Raw]:
    yield from _by_pairs(fact, _OPPOSITES)


def hedge(fact: Raw, _: Material) -> Iterator[Raw]:
    yield from _replaced(fact, r"\b(may|might|could) (?=[a-z])", "will ")
    yield from _replaced(
        fact, r"\b(probably|possibly|perhaps|apparently|reportedly|allegedly|likely to)\b ?", "certain to "
    )
    yield from _replaced(fact, r"\b(suggests|believes|thinks|expects|hopes|suspects) that\b", "has proved that")
    yield from _replaced(fact, r"\b(seems|appears) to\b", "is certain to")
    yield from _replaced(fact, r"\bis (?=[a-z]+ing\b)", "is definitely ")


def scope(fact: Raw, _: Material) -> Iterator[Raw]:
    yield from _by_pairs(
        fact,
        [
            ("some", "all"),
            ("most", "all"),
            ("several", "all"),
            ("many", "all"),
            ("part of", "all of"),
            ("often", "always"),
            ("sometimes", "always"),
            ("a few", "most"),
            ("partly", "entirely"),
            ("mainly", "only"),
            ("mostly", "exclusively"),
        ],
    )
    yield from list(_replaced(fact, r"\b(?:is|are|was|were)\b", lambda found: f"{found[0]} always"))[:1]
    yield from list(_replaced(fact, r"^(The|A|An) ", "Every "))[:1]


_CLAUSES = (
    ", which cost several lives",
    ", and parliament has approved this in secret",
    ", although the army had warned against it",
    ", to the surprise of European bankers",
    " and paid for it with gold reserves",
    ", after a quarrel over fishing rights",
)


def clause(fact: Raw, material: Material) -> Iterator[Raw]:
    says = fact["says"].rstrip(".")
    yield with_fields(fact, says=f"{says}{material.random.choice(_CLAUSES)}.")


def order(fact: Raw, _: Material) -> Iterator[Raw]:
    yield from _by_pairs(
        fact,
        _swapped_words(
            "before/after|because of/despite|because/although|since/until|led to/resulted from|following/preceding"
        ),
    )


def kind(fact: Raw, material: Material) -> Iterator[Raw]:
    now = fact.get("kind", "report")
    others = {"forecast": "report", "accusation": "report", "position": "report", "analysis": "report"}
    yield with_fields(fact, kind=others.get(now, material.random.choice(("forecast", "accusation"))))


# --- loopholes: an invented number or name, and a field that hides it


def _invented(fact: Raw, material: Material) -> Raw:
    says = fact["says"].rstrip(".")
    return with_fields(fact, says=f"{says}, with 7,400 {material.random.choice(('soldiers', 'tonnes', 'engineers'))}.")


def unpinned_beside(fact: Raw, material: Material) -> Iterator[Raw]:
    if material.unpinned and material.is_pinned(fact):
        yield with_fields(
            _invented(fact, material),
            cite=[*citations(fact), material.random.choice(material.unpinned)],
            credibility="2",
        )


def unpinned_instead(fact: Raw, material: Material) -> Iterator[Raw]:
    if material.unpinned and material.is_pinned(fact):
        yield with_fields(_invented(fact, material), cite=[material.random.choice(material.unpinned)], credibility="2")


def words_hatch(fact: Raw, material: Material) -> Iterator[Raw]:
    for changed in paragraph(fact, material):
        if not fact.get("words"):
            for common in ("the", "of", "and", "in"):
                yield with_fields(changed, words=[common])


def derived_hatch(fact: Raw, material: Material) -> Iterator[Raw]:
    if material.is_pinned(fact) and not fact.get("derived"):
        year = material.random.randint(1990, 2025)
        day = f"{year}-{material.random.randint(1, 12):02}-{material.random.randint(1, 28):02}"
        yield with_fields(fact, when=day, derived="Worked out.")
        yield with_fields(fact, when=day[:4], derived="From the context.")


def credibility_hatch(fact: Raw, material: Material) -> Iterator[Raw]:
    if not material.is_pinned(fact) and fact.get("credibility"):
        yield with_fields(_invented(fact, material), credibility="1")


FACT_CLASSES: dict[str, tuple[Change, ...]] = {
    "year": (year_in_sentence, year_in_when, year_in_both),
    "month in the sentence": (month,),
    "date made more precise": (precision,),
    "Persian year": (persian_year,),
    "number": (number,),
    "numbers exchanged": (numbers_exchanged,),
    "magnitude or unit": (unit,),
    "time unit": (time_unit,),
    "rose and fell": (direction,),
    "name swapped": (name,),
    "place swapped": (place,),
    "unknown name": (unknown_name,),
    "speaker swapped or added": (speaker,),
    "speaker swapped within its source": (speaker_within,),
    "attribution dropped": (speaker_dropped,),
    "id misspelt": (misspelt_id,),
    "paragraph shifted": (paragraph,),
    "citation dropped": (citation_dropped,),
    "quotation altered": (quotation,),
    "sentences exchanged": (exchanged,),
    "negation put in": (negation_added,),
    "negation removed": (negation_removed,),
    "roles swapped": (roles,),
    "opposite word": (opposite,),
    "hedge removed": (hedge,),
    "scope": (scope,),
    "clause added": (clause,),
    "order or cause": (order,),
    "kind changed": (kind,),
    "unpinned citation beside": (unpinned_beside,),
    "unpinned citation instead": (unpinned_instead,),
    "common word in 'words'": (words_hatch,),
    "arbitrary 'derived'": (derived_hatch,),
}


# --- other records


def likelihood(judgment: Raw, _: Material) -> Iterator[Raw]:
    for one in ("almost no chance", "very unlikely", "unlikely", "likely", "very likely", "almost certain"):
        if one != judgment["likelihood"]:
            yield with_fields(judgment, likelihood=one)


def judgment_negated(judgment: Raw, material: Material) -> Iterator[Raw]:
    yield from negation_added(judgment, material)


def position(place: Raw, _: Material) -> Iterator[Raw]:
    at = place.get("position")
    if at:
        wrong = ({"lat": at["lon"], "lon": at["lat"]}, {"lat": f"{float(at['lat']) - 15:.2f}"})
        for one in (*wrong, {"lon": f"{float(at['lon']) + 25:.2f}"}):
            yield with_fields(place, position={**at, **one})


def country(place: Raw, material: Material) -> Iterator[Raw]:
    states = [actor["id"] for actor in material.actors.values() if actor["kind"] == "state"]
    others = [one for one in states if one != place.get("country")]
    if place.get("country") and place.get("position") and others:
        yield with_fields(place, country=material.random.choice(others))


def target(fact: Raw, material: Material) -> Iterator[Raw]:
    for relation in ("corrects", "refines", "disputes", "supersedes"):
        if fact.get(relation):
            others = [one["id"] for one in material.facts if one["id"] not in (fact["id"], *fact[relation])]
            yield with_fields(fact, **{relation: [material.random.choice(others)]})
