"""The comparisons that the check made, as JSON, with the rates of errors that it catches."""

import posixpath
from typing import Literal

from pydantic import Field

from briefing.evidence.detection import Detection, detection
from briefing.evidence.languages import COMPARISONS
from briefing.exports.edition import Edition, Exported
from briefing.exports.json_records import Envelope, envelope, json_bytes, plain
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Slug
from briefing.rules.comparisons import CODES, Report, Result
from briefing.text.language import N_

_RESULTS = (
    "pinned, quoted, or pinned and quoted (compared with a fingerprint, a quotation, or both), kind (compared with the"
    " fact's own kind), nothing to compare, no text (neither a fingerprint nor a quotation of the source), other"
    " language (the comparison does not work in the language of the source), or declared (the fact says that the"
    " fingerprint or quotation lacks it)"
)


class ComparisonKind(Exported):
    """A kind of comparison."""

    name: str = Field(description="The name of the comparison.")
    codes: tuple[str, ...] = Field(description="The codes of the problems that it can find.")


class FoundProblem(Exported):
    """A warning or a note about a fact."""

    code: str = Field(description="The code of the problem.")
    severity: Literal["warning", "note"] = Field(description="How severe it is.")
    message: str = Field(description="What the check found, in English.")


class CheckedFact(Exported):
    """What the check compared of one fact."""

    id: Slug = Field(description=N_("The fact's ID."))
    results: dict[str, Result] = Field(description=N_("The result of each comparison."))
    problems: tuple[FoundProblem, ...] = Field(description=N_("The warnings and notes that concern the fact."))


class CheckedSource(Exported):
    """What the check compared with the words of one source."""

    id: Slug = Field(description="The source's ID.")
    facts: int = Field(description="How many current facts cite it.")
    results: dict[Result, int] = Field(description="How often each result occurs in the comparisons of these facts.")


class ChecksFile(Envelope):
    """What the check compared, and how many errors it catches."""

    rates: Detection = Field(
        description="How many wrong facts the check finds, as measured with facts of real briefings. The same for all"
        " briefings built with this version."
    )
    comparisons: tuple[ComparisonKind, ...] = Field(description="The kinds of comparison.")
    sources: tuple[CheckedSource, ...] = Field(description="The sources that current facts cite.")
    facts: tuple[CheckedFact, ...] = Field(
        description=f"The current facts. The results of their comparisons are {_RESULTS}."
    )


def checks_json(briefing: Briefing, edition: Edition, report: Report) -> bytes:
    """Return the results of all comparisons (``ChecksFile``)."""
    file = ChecksFile.model_construct(
        **envelope(briefing, edition, posixpath.basename(routes.CHECKS_SCHEMA)),
        rates=detection(),
        comparisons=tuple(ComparisonKind(name=name, codes=CODES[name]) for name in COMPARISONS),
        sources=tuple(
            CheckedSource(id=checked.source.id, facts=checked.facts, results=dict(checked.results))
            for checked in report.sources
        ),
        facts=tuple(
            CheckedFact(
                id=checked.fact.id,
                results=dict(checked.results),
                problems=tuple(
                    FoundProblem(code=problem.code, severity=problem.severity.value, message=problem.message)
                    for problem in checked.problems
                ),
            )
            for checked in report.facts
        ),
    )
    return json_bytes(plain(file))
