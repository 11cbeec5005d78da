"""Whether a sentence's tense and date fit the day on which it is read."""

import re
from collections.abc import Iterator

from briefing.model.briefing import Briefing
from briefing.problems import Problem, Severity

# Problems that only time has brought about, without any change to the facts.
AGE_CODES = frozenset(["stale-future"])
# Facts are written in English. These words mean that something is still to come when the sentence is read.
_TO_COME = re.compile(r"\b(?:will|shall|(?:is|are) (?:to|due to|expected to|set to)|plans? to)\b", re.IGNORECASE)

# These mean that it was still to come when the source was published.
_AHEAD = re.compile(rf"{_TO_COME.pattern}|\b(?:would|until|planned|due|scheduled|(?:was|were) to)\b", re.IGNORECASE)


def check_tense(briefing: Briefing) -> Iterator[Problem]:
    """``stale-future``: What a fact says is still to come is not dated to a day that has passed (warning).

    facts/topics/harbour.yml
    -       says: The harbour basin will open with a quay in 1900.
    +       says: The harbour basin opened with a quay in 1900.
    """
    for fact in briefing.current_facts:
        # What a speaker expected stays what the speaker said, whatever came of it.
        if fact.kind != "report" or fact.by:
            continue
        if fact.when is None or briefing.today is None or fact.when.latest >= briefing.today.earliest:
            continue
        found = _TO_COME.search(fact.says)
        if found:
            message = f"'{found[0]}' tells of what is to come, and {fact.when.words} has passed"
            place = briefing.find(fact.at("says"), found[0])
            yield Problem(place, "stale-future", message, "say what came of it, or since when", Severity.WARNING)


def check_source_dates(briefing: Briefing) -> Iterator[Problem]:
    """``after-source``: What is told as done (a report, an accusation) was done before the last of its sources was
    published; where one of them has no date, before the briefing's cutoff (warning).

    facts/topics/harbour.yml
            about: [quay]
    -       when: 2112
    -       derived: A year after the stone was ordered.
    +       when: 1912
            cite: report:2
    """
    if briefing.head is None:
        return
    for fact in briefing.current_facts:
        sources = [briefing.source_by_id.get(cited.source) for cited in fact.cite]
        # The date is then a hard token, and check_evidence looks it up in the cited paragraphs.
        looked_up = all(cited.source in briefing.pin_of for cited in fact.cite) and not fact.derived
        done = fact.kind in ("report", "accusation") and not _AHEAD.search(fact.says)
        if fact.when is None or looked_up or not done or fact.id in briefing.failed or None in sources:
            continue
        dates = [source.date for source in sources if source and source.date]
        if len(dates) == len(sources):
            limit = max(dates, key=lambda date: date.latest)
            what = "when its source was published"
        else:
            limit = briefing.head.cutoff
            what = "the briefing's cutoff"
        if fact.when.earliest > limit.latest:
            message = f"{fact.when.words} is later than {limit.words}, {what}"
            hint = "correct 'when', or tell it as what is to come ('kind: forecast')"
            yield Problem(fact.at("when"), "after-source", message, hint, Severity.WARNING)
