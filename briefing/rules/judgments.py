"""Check the editors' own assessments against ICD 203 (Analytic Standards): likelihood, horizon and consequence."""

import re
from collections.abc import Iterator

from briefing.model.briefing import Briefing
from briefing.model.fields import LIKELIHOOD
from briefing.model.records import Judgment
from briefing.problems import Problem, Severity

# ICD 203 has two terms for each range.
_TERMS = {
    **{term: term for term in LIKELIHOOD},
    "remote": "almost no chance",
    "highly improbable": "very unlikely",
    "improbable": "unlikely",
    "roughly even odds": "roughly even chance",
    "highly probable": "very likely",
    "probable": "likely",
    "almost certainly": "almost certain",
    "nearly certain": "almost certain",
}
_TERM = re.compile(rf"\b(?P<denied>not )?(?P<term>{'|'.join(sorted(_TERMS, key=len, reverse=True))})\b", re.IGNORECASE)
# An everyday word too: "a remote harbour" gives no likelihood.
_AMBIGUOUS = frozenset(("remote",))
# Facts of these kinds give what someone else thinks or expects.
_ATTRIBUTED = frozenset(("analysis", "forecast", "position", "accusation"))


def check_likelihood(briefing: Briefing) -> Iterator[Problem]:
    """Report judgments whose likelihood is not the one in their sentence.

    ``likelihood-mismatch``: The sentence has another term for likelihood than ``likelihood``.

    Readers would see two different likelihoods for one judgment.

        facts/briefing.yml
        -     says: The harbour is very likely to stay open.
        +     says: The harbour is likely to stay open.
              likelihood: likely
    """
    if briefing.head is None:
        return
    for judgment in briefing.head.judgments:
        found = list(_TERM.finditer(judgment.says))
        if found and not any(_TERMS[one["term"].lower()] == judgment.likelihood and not one["denied"] for one in found):
            place = briefing.find(judgment.at("says"), found[0][0])
            message = f"the sentence says '{found[0][0]}', but 'likelihood' is '{judgment.likelihood}'"
            yield Problem(place, "likelihood-mismatch", message, "make the sentence and 'likelihood' say the same")


def check_horizons(briefing: Briefing) -> Iterator[Problem]:
    """Report judgments that can never be scored.

    ``no-horizon`` (warning): The judgment has no ``horizon``, the date by which it can be scored.

    Without a date, a judgment can never be shown to be wrong.

        facts/briefing.yml
        -     basis: One report.
        +     basis: One report.
        +     horizon: 1910
    """
    for judgment in briefing.head.judgments if briefing.head else ():
        if judgment.horizon is None:
            message = "the judgment has no 'horizon', so it can never be scored"
            hint = "add the date by which it can be, or 'horizon: past' if it is about the past"
            yield Problem(judgment.at("says"), "no-horizon", message, hint, Severity.WARNING)


def check_likelihood_words(briefing: Briefing) -> Iterator[Problem]:
    """Report likelihoods that the editors give outside a judgment.

    ``likelihood-in-prose`` (warning): A bottom line, a table or another statement of our own has a term of ICD 203 for
    likelihood, and none of its facts is a view or a forecast.

    Such an assessment has no grounds, no horizon and no confidence.

        facts/briefing.yml
        -   - says: The harbour is likely to have opened in 1900.
        +   - says: The harbour opened in 1900.
    """
    for record, path, texts, ids in briefing.iter_support():
        if isinstance(record, Judgment):
            continue
        facts = [briefing.fact_by_id[fact_id] for fact_id in ids if fact_id in briefing.fact_by_id]
        if len(facts) < len(ids) or any(fact.kind in _ATTRIBUTED for fact in facts):
            continue
        for text in texts:
            found = _TERM.search(text)
            if found and found["term"].lower() not in _AMBIGUOUS:
                message = f"'{found[0]}' is an assessment of ours outside a judgment"
                hint = "write a judgment, say whose view it is, or say what is known"
                place = briefing.find(record.at(*path[:-1]), found[0])
                yield Problem(place, "likelihood-in-prose", message, hint, Severity.WARNING)


def check_consequences(briefing: Briefing) -> Iterator[Problem]:
    """Report consequences of nothing.

    ``idle-consequence``: The fact has a ``consequence`` but does not correct, clarify, dispute or supersede another.

    A consequence says how much an error in another fact matters.

        facts/topics/harbour.yml
        -       consequence: misleads
        +       refines: [harbour-opened]
    """
    for fact in briefing.current_facts:
        if fact.consequence and not (fact.targets or fact.supersedes):
            message = "the fact has a 'consequence' but does not correct or dispute another fact"
            hint = "add 'corrects' or 'disputes', or delete 'consequence'"
            yield Problem(fact.at("consequence"), "idle-consequence", message, hint)
