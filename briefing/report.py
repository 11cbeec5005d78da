"""Problems as text."""

from collections.abc import Iterable

from briefing.model import Briefing
from briefing.problems import Problem, Severity


def said_problem(problem: Problem) -> str:
    """``file:line:col: severity code message``, and the mend behind a dash."""
    place = problem.place
    mend = f" — {problem.help}" if problem.help else ""
    return f"{place.file}:{place.line}:{place.column}: {problem.severity} {problem.code} {problem.message}{mend}"


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
