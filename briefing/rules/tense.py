"""Check that the tense and the date of a sentence are right on the day on which it is read."""

import re
from collections.abc import Iterator

from briefing.model.briefing import Briefing
from briefing.problems import Code, Problem, Severity
from briefing.text.language import ENGLISH

# Problems that appear as time passes, although no fact has changed.
AGE_CODES: frozenset[Code] = frozenset(["outdated-tense"])
# Facts are written in English. These words place an event in the reader's future.
_TO_COME = re.compile(r"\b(?:will|shall|(?:is|are) (?:to|due to|expected to|set to)|plans? to)\b", re.IGNORECASE)

# These place it after the publication of the source.
_AHEAD = re.compile(rf"{_TO_COME.pattern}|\b(?:would|until|planned|due|scheduled|(?:was|were) to)\b", re.IGNORECASE)


def check_tense(briefing: Briefing) -> Iterator[Problem]:
    """Report facts that announce an event whose date has passed.

    ``outdated-tense`` (warning): The fact says that something is still to come, but its date has passed.

    The site would describe a past event as future.

        facts/topics/harbour.yml
        -       says: The harbour basin will open with a quay in 1900.
        +       says: The harbour basin opened with a quay in 1900.
    """
    for fact in briefing.current_facts:
        # A quoted expectation remains true as a report of what the speaker said.
        if fact.kind != "report" or fact.by:
            continue
        if fact.when is None or briefing.today is None or fact.when.latest >= briefing.today.earliest:
            continue
        found = _TO_COME.search(fact.says)
        if found:
            message = f"'{found[0]}' refers to the future, but {ENGLISH.format_date(fact.when)} has passed"
            place = briefing.find(fact.at("says"), found[0])
            yield Problem(place, "outdated-tense", message, "say what happened, or since when", Severity.WARNING)


def check_source_dates(briefing: Briefing) -> Iterator[Problem]:
    """Report past events that are dated after their sources.

    ``date-after-source`` (warning): The fact reports a past event, but its date is later than the publication date of
    its latest source. If a source has no date, the briefing's ``cutoff`` is used instead.

    No source can report what has not happened yet, so the date or the wording must be wrong.

        facts/topics/harbour.yml
        -       when: 2106
        -       derived: 200 years after 1906.
        +       when: 1906
        +       derived: A year after 1905, when the survey ended.
    """
    if briefing.head is None:
        return
    for fact in briefing.current_facts:
        sources = [briefing.source_by_id.get(cited.source) for cited in fact.cite]
        # In this case the date is a hard token, which check_evidence looks up in the cited paragraphs.
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
            message = f"{ENGLISH.format_date(fact.when)} is later than {ENGLISH.format_date(limit)}, {what}"
            hint = "correct 'when', or present the event as a forecast ('kind: forecast')"
            yield Problem(fact.at("when"), "date-after-source", message, hint, Severity.WARNING)
