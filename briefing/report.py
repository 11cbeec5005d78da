"""Problems as text."""

from collections.abc import Iterable

from briefing.model import Briefing
from briefing.problems import Problem, Severity
from briefing.rules.evidence import Fit
from briefing.views.coverage import Coverage


def said_problem(problem: Problem) -> str:
    """``file:line:col: severity code message``, and the mend behind a dash."""
    place = problem.place
    mend = f" — {problem.help}" if problem.help else ""
    return f"{place.file}:{place.line}:{place.column}: {problem.severity} {problem.code} {problem.message}{mend}"


def said_fit(fit: Fit) -> str:
    """How a fact fits what it cites, and the next best; a ``!`` where that is clearly better."""
    other = f", next best {fit.other} with {fit.other_fit:.1f}" if fit.other else ""
    return f"{'!' if fit.clear else ' '} {fit.fact.id}: {fit.source.id}:{fit.cited} fits with {fit.fit:.1f}{other}"


def said_coverage(coverage: Coverage) -> str:
    """``report: 47 of 52 paragraphs cited, 5 declared unused, 0 open``, and a line for each that is not cited."""
    unit = coverage.source.unit or "part"
    total = len(coverage.parts)
    done = 100 * (coverage.cited + coverage.declared) // total if total else 100
    lines = [
        f"{coverage.source.id}: {coverage.cited} of {total} {unit}s cited, {coverage.declared} declared unused,"
        f" {len(coverage.open)} open: {done} %"
    ]
    lines += [f"  {unit} {p.number}: {p.not_used or 'OPEN'}" for p in coverage.parts if not p.facts]
    return "\n".join(lines)


def said_summary(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """``12 facts, 3 sources, 4 actors, 2 places, 5 terms: no problems``."""
    counts = (
        ("fact", len(briefing.facts)),
        ("source", len(briefing.sources)),
        ("actor", len(briefing.actors)),
        ("place", len(briefing.places)),
        ("term", len(briefing.terms)),
    )
    severities = [problem.severity for problem in problems]
    found = [
        _counted(number, name) for name in Severity if (number := sum(severity is name for severity in severities))
    ]
    return f"{', '.join(_counted(number, name) for name, number in counts)}: {', '.join(found) or 'no problems'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
