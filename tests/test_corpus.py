"""Synthetic briefings from ``corpus`` are valid and reproducible."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from corpus import corpus, write_corpus
from support import ROOT, TODAY

from briefing.compile import check
from briefing.model.briefing import Briefing
from briefing.project.reader import read_inputs


def _checked(folder: Path, count: int, seed: int = 1) -> Briefing:
    write_corpus(folder, count, seed)
    outcome = check(read_inputs(folder, TODAY))
    # Its sentences are random words, which say nothing that a source could support and correct or explain nothing. Some
    # of its names in Cyrillic keep a Latin letter.
    meant = {"denied-in-source", "hedged-in-source", "kind-mismatch", "opposite-word", "speaker-not-named"}
    meant |= {"names-exchanged", "numbers-exchanged"}
    meant |= {"mixed-scripts", "unexplained-derivation", "unrelated-target"}
    assert {problem.code for problem in outcome.problems} <= meant
    assert len(outcome.briefing.facts) == count
    return outcome.briefing


@pytest.mark.slow
@pytest.mark.parametrize(("count", "seed"), [(10, 1), (100, 1), (100, 2), (500, 1)])
def test_corpus_has_no_problems(tmp_path: Path, count: int, seed: int) -> None:
    _checked(tmp_path, count, seed)


@pytest.mark.slow
def test_corpus_depends_only_on_the_seed() -> None:
    assert corpus(100, 7) == corpus(100, 7)
    assert corpus(100, 7) != corpus(100, 8)


@pytest.mark.slow
def test_corpus_has_realistic_proportions(tmp_path: Path) -> None:
    real = check(read_inputs(ROOT, TODAY)).briefing
    made = _checked(tmp_path, len(real.facts))
    for name, measured in _MEASURES.items():
        assert measured(made) == pytest.approx(measured(real), rel=0.35), name


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


_MEASURES: dict[str, Callable[[Briefing], float]] = {
    "topics": lambda briefing: len(briefing.topics),
    "sources": lambda briefing: len(briefing.sources),
    "entities": lambda briefing: len(briefing.entities),
    "words of a fact": lambda briefing: _mean([len(fact.says.split()) for fact in briefing.facts]),
    "letters of a fact": lambda briefing: _mean([len(fact.says) for fact in briefing.facts]),
    "entities of a fact": lambda briefing: _mean([len(fact.about) for fact in briefing.facts]),
    "citations of a fact": lambda briefing: _mean([len(fact.cite) for fact in briefing.facts]),
    "facts from sources under analysis": lambda briefing: _mean([briefing.is_base(fact) for fact in briefing.facts]),
    "reports": lambda briefing: _mean([fact.kind == "report" for fact in briefing.facts]),
    "dated facts": lambda briefing: _mean([bool(fact.when) for fact in briefing.facts]),
    "facts with a speaker": lambda briefing: _mean([bool(fact.by) for fact in briefing.facts]),
    "facts beside others": lambda briefing: _mean([bool(fact.targets) for fact in briefing.facts]),
}
