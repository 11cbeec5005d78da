"""Put errors into real facts, in memory, and count what the check finds, by class of error.

Each fact has one error at a time. Also count the honest paraphrases in ``tests/paraphrases`` that the check refuses.
Each fact, record and paraphrase belongs to one of two halves, by a hash of its text: rules are tuned on one, and the
other is held out for a last run. With ``--json briefing/data/detection.json``, the results are published on the page of
checks of every briefing.

With ``--changes``, count instead how ``briefing diff`` classifies the same errors as changes of published records.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import injected_errors as errors
import yaml
from injected_errors import Material, Raw

from briefing import __version__
from briefing.compile import check
from briefing.evidence.change_classes import classify_change
from briefing.evidence.detection import Basis, Counts, Detection, ErrorClass, RuleCounts, percentage
from briefing.evidence.names import Names
from briefing.model.briefing import Briefing
from briefing.model.fields import ChangeClass
from briefing.model.history import compare, read_records
from briefing.model.records import BriefingHead
from briefing.problems import Problem, Severity
from briefing.project.reader import read_inputs

ROOT = Path(__file__).parent.parent
BRIEFINGS = {"treaty": ROOT, "suez": ROOT / "examples" / "suez-canal"}
PARAPHRASES = ROOT / "tests" / "paraphrases"
HALVES = ("tuning", "held-out")
RESULTS = ("refused", "warned", "noted", "missed")
_TOPIC = "facts/topics/paraphrases.yml"
# The problem of a wrong reference may name another record.
_ALONE = frozenset(("id misspelt", "target of a correction"))


@dataclass(frozen=True)
class Trial:
    """One error: its class, and the record that it changes, or deletes if ``changed`` is None."""

    name: str
    briefing: str
    basis: Basis
    file: str
    among: list[Raw]
    record: Raw
    changed: Raw | None

    @property
    def subject(self) -> str:
        """The record's id, or its sentence if it has none."""
        return str(self.record.get("id") or self.record["says"])

    @property
    def said(self) -> str:
        """What the error changes."""
        if self.changed is None:
            return "deleted"
        fields = [one for one in {**self.record, **self.changed} if self.record.get(one) != self.changed.get(one)]
        return "; ".join(f"{one}: {self.changed.get(one)}" for one in fields)


class Subject:
    """A briefing to put errors into, as raw values by file, with its problems before any error."""

    def __init__(self, name: str, folder: Path, seed: int) -> None:
        self.name = name
        inputs = read_inputs(folder)
        self.raw: dict[str, Any] = {
            file: yaml.load(data, yaml.CBaseLoader) for file, data in inputs.facts.items() if "/pins/" not in file
        }
        # Dumping loses comments and layout, so compare with the dumped files.
        self.inputs = replace(inputs, facts={**inputs.facts, **{file: dump(raw) for file, raw in self.raw.items()}})
        outcome = check(self.inputs)
        self.briefing: Briefing = outcome.briefing
        self.before = Counter(_key(problem) for problem in outcome.problems)
        counts = {source.id: source.count for source in self.briefing.sources if source.id in self.briefing.pin_of}
        cited = [str(one) for fact in self.briefing.facts for one in fact.cite]
        self.material = Material(
            facts=[fact for _, _, fact in self.facts()],
            actors={one["id"]: one for one in self.raw["facts/actors.yml"]},
            places={one["id"]: one for one in self.raw["facts/places.yml"]},
            counts={source: count or 0 for source, count in counts.items()},
            unpinned=sorted({one for one in cited if one.split(":")[0] not in counts}),
            random=Random(seed),
        )

    def facts(self) -> Iterator[tuple[str, list[Raw], Raw]]:
        """Yield each current fact with its file and the list that it is in."""
        for file, topic in self.raw.items():
            if file.startswith("facts/topics/"):
                for section in topic.get("sections", ()):
                    for fact in section.get("facts", ()):
                        if self.briefing.is_current(self.briefing.fact_by_id[fact["id"]]):
                            yield file, section["facts"], fact

    def trials(self) -> Iterator[Trial]:
        """Yield every error of every class, unmixed."""
        for file, among, fact in self.facts():
            basis = self.material.basis(fact)
            for name, changes in errors.FACT_CLASSES.items():
                for change in changes:
                    for changed in change(fact, self.material):
                        yield self._trial(name, basis, file, among, fact, changed)
            for changed in errors.credibility_hatch(fact, self.material):
                yield self._trial("better credibility", basis, file, among, fact, changed)
            for changed in errors.target(fact, self.material):
                yield self._trial("target of a correction", basis, file, among, fact, changed)
            yield self._trial("fact deleted", basis, file, among, fact, None)
        head = self.raw["facts/briefing.yml"]
        for judgment in head.get("judgments", ()):
            for change in (errors.likelihood, errors.judgment_negated):
                for changed in change(judgment, self.material):
                    name = "likelihood against its word" if change is errors.likelihood else "judgment negated"
                    yield self._trial(name, "pinned", "facts/briefing.yml", head["judgments"], judgment, changed)
        for line in head["bottom_line"]:
            for name, change in (
                ("bottom line: number", errors.number),
                ("bottom line: negated", errors.negation_added),
            ):
                for changed in change(line, self.material):
                    yield self._trial(name, "pinned", "facts/briefing.yml", head["bottom_line"], line, changed)
        places = self.raw["facts/places.yml"]
        for place in places:
            for change in (errors.position, errors.country):
                for changed in change(place, self.material):
                    yield self._trial("position or country", "pinned", "facts/places.yml", places, place, changed)
        for file, topic in self.raw.items():
            if file.startswith("facts/topics/"):
                yield from self._cells(file, topic)

    def _cells(self, file: str, topic: Raw) -> Iterator[Trial]:
        for table in topic.get("tables", ()):
            for row in table["rows"]:
                for cell in row["cells"]:
                    if isinstance(cell, dict):
                        for change in (errors.number, errors.year_in_sentence, errors.month):
                            for changed in change(cell, self.material):
                                yield self._trial("cell of a table", "pinned", file, row["cells"], cell, changed)

    def _trial(self, name: str, basis: Basis, file: str, among: list[Raw], record: Raw, changed: Raw | None) -> Trial:
        return Trial(name, self.name, basis, file, among, record, changed)

    def found(self, trials: Iterable[Trial]) -> Iterator[tuple[Trial, list[Problem]]]:
        """Yield each error with the problems that it adds.

        Errors in different facts are checked together, because a check takes long. A problem belongs to the error in
        the record that it names. Errors that change which records exist are checked one at a time.
        """
        together: list[dict[str, Trial]] = []
        for trial in trials:
            if trial.changed is None or "id" not in trial.record or trial.name in _ALONE:
                yield trial, self._problems([trial])
                continue
            batch = next((one for one in together if trial.subject not in one), None)
            if batch is None:
                batch = {}
                together.append(batch)
            batch[trial.subject] = trial
        for batch in together:
            problems = self._problems(list(batch.values()))
            for trial in batch.values():
                yield trial, [problem for problem in problems if problem.subject == trial.subject]

    def _problems(self, trials: list[Trial]) -> list[Problem]:
        """Return the problems that errors in different records add."""
        found = check(replace(self.inputs, facts={**self.inputs.facts, **self._with(trials)})).problems
        return [problem for problem in found if not self.before[_key(problem)]]

    def classes(self, trial: Trial) -> set[ChangeClass]:
        """Return the classes of the changes that an error makes to a record."""
        before, after = (
            read_records(trial.file, data) for data in (self.inputs.facts[trial.file], self._with([trial])[trial.file])
        )
        names = Names((*self.briefing.actors, *self.briefing.places))
        return {
            one
            for change in compare(before or (), after or ())
            for field in change.fields
            for one in classify_change(names, field, self.briefing.language.tag)
        }

    def _with(self, trials: list[Trial]) -> dict[str, bytes]:
        """Return the files of errors in different records, with the errors."""
        changed = []
        for trial in trials:
            at = next(index for index, one in enumerate(trial.among) if one is trial.record)
            trial.among[at : at + 1] = [] if trial.changed is None else [trial.changed]
            changed.append((trial, at))
        files = {file: dump(self.raw[file]) for file in {trial.file for trial in trials}}
        for trial, at in changed:
            trial.among[at : at + (trial.changed is not None)] = [trial.record]
        return files

    def honest(self, half: str) -> dict[str, list[Problem]]:
        """Return the problems of each honest paraphrase in a half."""
        file = PARAPHRASES / f"{self.name}.yml"
        source = self.briefing.head.based_on[0] if self.briefing.head else ""
        names = Names(self.briefing.entities)
        facts = {}
        for given in yaml.load(file.read_bytes(), yaml.CBaseLoader):
            if in_half(given["says"], half):
                facts[f"paraphrase-{len(facts) + 1}"] = as_fact(given, source, names, self.briefing)
        topic = {
            "title": "Paraphrases",
            "asks": "Are they right?",
            "bottom_line": [{"says": "They are honest.", "rests_on": [next(iter(facts))]}],
            "sections": [{"title": "All", "facts": [{"id": id, **fact} for id, fact in facts.items()]}],
        }
        head = {**self.raw["facts/briefing.yml"]}
        head["topics"] = [*head["topics"], "paraphrases"]
        inputs = replace(
            self.inputs, facts={**self.inputs.facts, "facts/briefing.yml": dump(head), _TOPIC: dump(topic)}
        )
        found: dict[str, list[Problem]] = {fact["says"]: [] for fact in facts.values()}
        for problem in check(inputs).problems:
            if problem.place.file == _TOPIC and problem.subject in facts:
                found[facts[problem.subject]["says"]].append(problem)
        return found


def dump(raw: Any) -> bytes:
    """Return values as YAML in which every text is quoted where necessary."""
    return yaml.dump(raw, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100_000).encode()


def as_fact(given: Raw, source: str, names: Names, briefing: Briefing) -> Raw:
    """Return a paraphrase as a fact: with all entities that it names, and the speaker if it is an actor."""
    about = [min(name.entities) for name in names.within(given["says"])]
    fact = {"says": given["says"], "about": list(dict.fromkeys(about)), "kind": given["kind"]}
    speakers = [
        name for name in names.within(given.get("by", "")) if name.entities & {one.id for one in briefing.actors}
    ]
    if speakers:
        fact["by"] = min(speakers[0].entities)
    if given.get("when"):
        fact["when"] = given["when"]
    fact["cite"] = [f"{source}:{number}" for number in given["cite"]]
    return {name: value for name, value in fact.items() if value}


def in_half(text: str, half: str) -> bool:
    """Return whether a text belongs to a half, which depends on nothing but the text."""
    return half == "all" or HALVES[hashlib.sha256(text.encode()).digest()[0] % 2] == half


def worst(problems: Iterable[Problem]) -> str:
    """Return the result for the most severe of the problems."""
    found = {problem.severity for problem in problems}
    for severity, result in ((Severity.ERROR, "refused"), (Severity.WARNING, "warned")):
        if severity in found:
            return result
    return "noted" if found else "missed"


def rules(problems: Iterable[Problem]) -> set[tuple[str, str]]:
    """Return the codes of problems, each with its severity."""
    return {(problem.code, str(problem.severity)) for problem in problems}


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.subject, problem.message


def chosen(trials: Iterable[Trial], half: str, count: int, seed: int) -> dict[tuple[str, Basis], list[Trial]]:
    """Return up to ``count`` errors of each class, for facts on each basis separately."""
    pools: dict[tuple[str, Basis], list[Trial]] = {}
    for trial in trials:
        if in_half(trial.subject, half):
            pools.setdefault((trial.name, trial.basis), []).append(trial)
    random = Random(seed)
    return {key: random.sample(pool, min(count, len(pool))) for key, pool in pools.items()}


def counted(results: Iterable[str]) -> Counts:
    """Return how often each result occurs."""
    counts = Counter(results)
    return Counts(tried=counts.total(), **{result: counts[result] for result in RESULTS})


def measure(subjects: Mapping[str, Subject], options: argparse.Namespace) -> Detection:
    """Try errors and honest paraphrases, and print the results as they come."""
    print(f"scripts/measure-detection --half {options.half} --seed {options.seed} --count {options.count}")
    honest = [one for subject in subjects.values() for one in subject.honest(options.half).items()]
    paraphrases = counted(worst(problems) for _, problems in honest)
    print(
        f"{paraphrases.tried} honest paraphrases: "
        + ", ".join(f"{getattr(paraphrases, result)} {result}" for result in RESULTS)
    )
    false_alarms = Counter(rule for _, problems in honest for rule in rules(problems))
    if options.verbose:
        for says, problems in honest:
            for problem in problems:
                print(f"    {problem.severity} {problem.code}: {problem.message} | {says}")
    trials = (trial for subject in subjects.values() for trial in subject.trials() if options.only in trial.name)
    print(f"{'class':28} {'basis':10} {'tried':>5} " + " ".join(f"{result:>8}" for result in RESULTS) + "  caught %")
    classes = []
    caught_by: Counter[tuple[str, str]] = Counter()
    for (name, basis), batch in sorted(chosen(trials, options.half, options.count, options.seed).items()):
        found = [
            one
            for subject in subjects.values()
            for one in subject.found(trial for trial in batch if trial.briefing == subject.name)
        ]
        caught_by.update(rule for _, problems in found for rule in rules(problems))
        counts = counted(worst(problems) for _, problems in found)
        classes.append(ErrorClass(name=name, basis=basis, counts=counts))
        print(
            f"{name:28} {basis:10} {counts.tried:5} "
            + " ".join(f"{getattr(counts, result):8}" for result in RESULTS)
            + f"  {percentage(counts.caught, counts.tried):7.1f}",
            flush=True,
        )
        if options.verbose:
            for trial, problems in sorted(found, key=lambda one: one[0].subject):
                if worst(problems) in ("missed", "noted"):
                    print(f"    {worst(problems)} {trial.subject}: {trial.said}")
    return Detection(
        version=__version__,
        date=options.date,
        half=options.half,
        count=options.count,
        seed=options.seed,
        classes=tuple(classes),
        paraphrases=paraphrases,
        rules=tuple(
            RuleCounts(code=rule[0], severity=rule[1], caught=caught_by[rule], false_alarms=false_alarms[rule])
            for rule in sorted({*false_alarms, *caught_by})
        ),
    )


def print_changes(subjects: Mapping[str, Subject], batches: Mapping[tuple[str, Basis], list[Trial]]) -> None:
    """Print by class of error how often ``briefing diff`` sees more than wording, and how often it wants evidence."""
    needing = set(BriefingHead.model_fields["evidence_for"].default)
    counts: dict[str, Counter[str]] = {}
    for (name, _), batch in batches.items():
        count = counts.setdefault(name, Counter())
        for trial in batch:
            classes = subjects[trial.briefing].classes(trial)
            count["tried"] += 1
            count["more"] += bool(classes - {"wording"})
            count["needing"] += bool(classes & needing)
    print(f"{'class':28} {'tried':>5} {'more than wording %':>20} {'evidence needed %':>18}")
    for name, count in sorted(counts.items()):
        more, needed = (100 * count[one] / count["tried"] for one in ("more", "needing"))
        print(f"{name:28} {count['tried']:5} {more:20.1f} {needed:18.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--half", choices=(*HALVES, "all"), default="tuning")
    parser.add_argument("--count", type=int, default=60, help="the most errors of each class")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only classes whose name contains this text")
    parser.add_argument("--briefing", choices=BRIEFINGS, nargs="*", default=list(BRIEFINGS))
    parser.add_argument("--verbose", action="store_true", help="list what is missed and every false alarm")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    parser.add_argument("--date", default="", help="the day of the measurement (YYYY-MM-DD), for --json")
    parser.add_argument("--changes", action="store_true", help="count the classes of change instead")
    options = parser.parse_args()
    if options.json and not options.date:
        parser.error("--json needs --date")
    subjects = {name: Subject(name, BRIEFINGS[name], options.seed) for name in options.briefing}
    if options.changes:
        trials = (trial for subject in subjects.values() for trial in subject.trials() if options.only in trial.name)
        print_changes(subjects, chosen(trials, options.half, options.count, options.seed))
        return 0
    result = measure(subjects, options)
    print(f"{'rule':30} false alarms  errors caught")
    for rule in result.rules:
        print(f"{rule.severity + ' ' + rule.code:30} {rule.false_alarms:12} {rule.caught:14}")
    print(f"mean over {len(result.pooled())} classes on pinned or quoted facts: {result.mean():.1f} %")
    if options.json:
        options.json.write_text(result.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
