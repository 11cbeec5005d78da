"""How many wrong facts the check finds, as measured with ``scripts/measure-detection``."""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# How the words of a fact's sources are known: from pins; from quotations, at least in part; or not of every source.
Basis = Literal["pinned", "quoted", "cited only"]
FILE = "detection.json"


class _Recorded(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(_Recorded):
    """How often the check gave each result. Only the most severe problem of each try counts."""

    tried: int = Field(description="How many were tried.")
    refused: int = Field(description="How many the check reported as an error.")
    warned: int = Field(description="How many it reported as a warning.")
    noted: int = Field(description="How many it reported only as a note.")
    missed: int = Field(description="Of how many it reported nothing.")

    @property
    def caught(self) -> int:
        """How many the check reported as an error or a warning."""
        return self.refused + self.warned

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum of two counts."""
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in Counts.model_fields})


class ErrorClass(_Recorded):
    """Errors of one class in facts on one basis."""

    name: str = Field(description="The class of error.")
    basis: Basis = Field(
        description="The sources of the facts: pinned (a fingerprint of every cited source), quoted (a fingerprint or"
        " a quotation of each, and at least one quotation), or cited only (neither for at least one of them)."
    )
    counts: Counts = Field(description="The results.")


class RuleCounts(_Recorded):
    """How often one rule reported an error that was put in, and how often a true statement."""

    code: str = Field(description="The code of the rule.")
    severity: str = Field(description="How severe its report was: error, warning or note.")
    caught: int = Field(description="How many errors that were put in it reported.")
    false_alarms: int = Field(description="How many honest paraphrases it reported.")


class Detection(_Recorded):
    """The results of one measurement."""

    version: str = Field(description="The version of Briefing whose rules were measured.")
    date: str = Field(description="The day of the measurement.")
    half: str = Field(
        description="Which facts were used: tuning (known while the rules were written), held-out or all."
    )
    count: int = Field(description="The most errors tried for each class and basis.")
    seed: int = Field(description="The seed of the random choice of errors.")
    classes: tuple[ErrorClass, ...] = Field(description="The results for errors that were put in.")
    paraphrases: Counts = Field(description="The results for honest paraphrases, of which nothing should be reported.")
    rules: tuple[RuleCounts, ...] = Field(description="The rules that reported something.")

    def pooled(self) -> dict[str, Counts]:
        """Return the results of each class for all facts that the check can compare: on pins or quotations."""
        found: dict[str, Counts] = {}
        for one in self.classes:
            if one.basis != "cited only":
                found[one.name] = found[one.name].plus(one.counts) if one.name in found else one.counts
        return found

    def mean(self) -> float:
        """Return the percentage of errors caught, as the mean over the classes in ``pooled``."""
        return _mean([percentage(counts.caught, counts.tried) for counts in self.pooled().values()])


def percentage(part: int, whole: int) -> float:
    """Return a share in per cent."""
    return 100 * part / whole


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


@cache
def detection() -> Detection:
    """Return the measurement that is part of this version."""
    return Detection.model_validate_json((files("briefing") / "data" / FILE).read_bytes())
