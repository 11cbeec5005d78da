"""What changed between two states of the facts, record by record, and over a series of commits.

Records are matched by kind and id, so that order, layout and the file in which one stands are silent. They are read as
they were written, not by today's rules: what an earlier state got wrong is still what it said.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import Literal

from briefing.model.records import (
    Actor,
    Fact,
    Judgment,
    Place,
    Question,
    Record,
    Source,
    Term,
    fields_that,
    headline,
)
from briefing.text.nodes import plain
from briefing.text.yaml_reader import load_yaml

What = Literal["removed", "retired", "changed", "renamed", "added"]
LOSSES_FIRST: tuple[What, ...] = ("removed", "retired", "changed", "renamed", "added")
Values = tuple[str, ...]
Key = tuple[str, str]  # kind and id

_FILES = {
    "facts/sources.yml": "source",
    "facts/actors.yml": "actor",
    "facts/places.yml": "place",
    "facts/glossary.yml": "term",
}
_MODELS: Mapping[str, type[Record]] = {
    "fact": Fact,
    "judgment": Judgment,
    "question": Question,
    "source": Source,
    "actor": Actor,
    "place": Place,
    "term": Term,
}
KINDS = tuple(_MODELS)
_UNORDERED = fields_that(lambda meaning: meaning.unordered)
# of topics no renaming is found, since they are files
_REFERENCES = fields_that(lambda meaning: meaning.refers_to and meaning.refers_to != "topic")
# what a fact is written with and without means the same
_DEFAULTS = {name: (str(field.default),) for name, field in Fact.model_fields.items() if isinstance(field.default, str)}
_ALIKE = 0.6  # of its words a record keeps at least so much where its id changes too
SUCCESSORS = "superseded_by"  # stands in no file: the other end of another fact's `supersedes`


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as written: its fields as texts, those of maps within it under dotted names."""

    kind: str
    id: str
    fields: Mapping[str, Values]

    @property
    def prose(self) -> str:
        """The name of the field that says what the record is."""
        return headline(_MODELS[self.kind])

    @property
    def says(self) -> str:
        """What the record is, in its own words."""
        return " ".join(self.fields.get(self.prose, (self.id,)))


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's texts before and after; none where it did not stand."""

    field: str
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a record. ``was`` is its id before, where that is another; ``fields`` are those that differ.

    ``says`` is what the record is after the change; where it is removed, before.
    """

    what: What
    kind: str
    id: str
    says: str
    was: str = ""
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its id, its time (ISO 8601, UTC), what it says of itself, and each file with its blob (empty: gone)."""

    id: str
    when: str
    says: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed records."""

    id: str
    when: str
    says: str
    changes: tuple[Change, ...]

    @property
    def day(self) -> str:
        """The day, in ISO 8601."""
        return self.when[:10]


@dataclass(frozen=True, slots=True)
class History:
    """Revisions from the oldest to the newest; none where no history is at hand.

    Where it is ``shallow``, the first of them is only the oldest state at hand: nobody knows what changed in it.
    ``fault`` says why a repository could not be read; it is empty if there is no repository.
    """

    revisions: tuple[Revision, ...] = ()
    shallow: bool = False
    fault: str = ""

    def until(self, day: str) -> "History":
        """What had happened by the end of a day (ISO 8601, UTC)."""
        return replace(self, revisions=tuple(revision for revision in self.revisions if revision.day <= day))


NO_HISTORY = History()


def read_records(file: str, data: bytes) -> tuple[Recorded, ...] | None:
    """The records of one file of ``facts/``; None where it cannot be read."""
    kind = _FILES.get(file)
    is_topic = str(PurePosixPath(file).parent) == "facts/topics"
    if not kind and not is_topic and file != "facts/briefing.yml":
        return ()
    node, _ = load_yaml(file, data)
    if node is None:
        return None if data.strip() else ()
    value = plain(node)
    if kind:
        return tuple(_recorded(kind, value))
    if not isinstance(value, dict):
        return None
    if is_topic:
        sections = value.get("sections")
        return tuple(
            record
            for section in (sections if isinstance(sections, list) else ())
            if isinstance(section, dict)
            for record in _recorded("fact", section.get("facts"))
        )
    return (*_recorded("judgment", value.get("judgments")), *_recorded("question", value.get("open_questions")))


def _recorded(kind: str, items: object) -> Iterator[Recorded]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(id := item.get("id"), str):
            yield Recorded(kind, id, dict(_fields(kind, item)))


def _fields(kind: str, value: Mapping[str, object], around: str = "") -> Iterator[tuple[str, Values]]:
    for name, part in value.items():
        if isinstance(part, dict):
            yield from _fields("", part, f"{around}{name}.")
            continue
        texts = tuple(text for item in (part if isinstance(part, list) else (part,)) if (text := _text(item)))
        if name in _UNORDERED:
            texts = tuple(sorted(texts))
        if texts and (around or name != "id") and not (kind == "fact" and _DEFAULTS.get(name) == texts):
            yield f"{around}{name}", texts


def _text(value: object) -> str:
    match value:
        case dict():
            return "; ".join(f"{name}: {_text(part)}" for name, part in value.items())
        case list():
            return ", ".join(_text(item) for item in value)
    return " ".join(str(value).split())


def compare(
    before: Iterable[Recorded], after: Iterable[Recorded], known: Mapping[Key, Recorded] | None = None
) -> tuple[Change, ...]:
    """What changed, losses first, each kind in the order in which its records stand.

    ``known`` has further records, the same on both sides, of which these may speak.
    """
    old = {(record.kind, record.id): record for record in before}
    new = {(record.kind, record.id): record for record in after}
    gone = [record for key, record in old.items() if key not in new]
    come = [record for key, record in new.items() if key not in old]
    renamed = dict(_renamed(gone, come))
    ids = {was.id: now.id for now, was in renamed.values()}
    changes = [Change("removed", was.kind, was.id, was.says) for was in gone if (was.kind, was.id) not in renamed]
    successors = _succession(old.values(), new.values(), ids)
    was_of = {(now.kind, now.id): was for now, was in renamed.values()}
    for key, now in new.items():
        was = was_of.get(key) or old.get(key)
        if was is None:
            changes.append(Change("added", now.kind, now.id, now.says))
            continue
        differing = tuple(_differing(was, now, ids)) if was.fields != now.fields or ids else ()
        differing += tuple(successors.pop(key, ()))
        if differing or was.id != now.id:
            changes.append(_change(was, now, differing))
    for key, differing in successors.items():
        if standing := (known or {}).get(key):
            changes.append(_change(standing, standing, differing))
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(sorted(changes, key=lambda change: (LOSSES_FIRST.index(change.what), order[change.kind])))


def _change(was: Recorded, now: Recorded, fields: tuple[FieldChange, ...]) -> Change:
    ended = any(one.field in ("retired", SUCCESSORS) and one.after and not one.before for one in fields)
    what: What = "retired" if ended else "renamed" if was.id != now.id else "changed"
    return Change(what, now.kind, now.id, now.says, was.id if was.id != now.id else "", fields)


def _renamed(gone: list[Recorded], come: list[Recorded]) -> Iterator[tuple[Key, tuple[Recorded, Recorded]]]:
    """The records that go on under another id, by their key before: as they are now and as they were."""
    left = list(come)
    for was in gone:
        same = [now for now in left if now.kind == was.kind]
        found = next((now for now in same if now.says == was.says), None)
        found = found or next((now for now in same if _is_alike(was, now)), None)
        if found:
            left.remove(found)
            yield (was.kind, was.id), (found, was)


def _is_alike(was: Recorded, now: Recorded) -> bool:
    names = {*was.fields, *now.fields} - {was.prose}
    if any(was.fields.get(name) != now.fields.get(name) for name in names):
        return False
    return SequenceMatcher(None, was.says.split(), now.says.split(), autojunk=False).ratio() >= _ALIKE


def _differing(was: Recorded, now: Recorded, ids: Mapping[str, str]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*now.fields, *was.fields)):
        before, after = was.fields.get(name, ()), now.fields.get(name, ())
        if ids and name.rpartition(".")[2] in _REFERENCES:  # what is renamed is still the same
            moved = tuple(_moved(value, ids) for value in before)
            before = tuple(sorted(moved)) if name.rpartition(".")[2] in _UNORDERED else moved
        if before != after:
            yield FieldChange(name, before, after)


def _moved(value: str, ids: Mapping[str, str]) -> str:
    id, colon, part = value.partition(":")
    return f"{ids.get(id, id)}{colon}{part}"


def _succession(
    old: Iterable[Recorded], new: Iterable[Recorded], ids: Mapping[str, str]
) -> dict[Key, tuple[FieldChange, ...]]:
    """The facts whose successors differ."""

    def successors(records: Iterable[Recorded], ids: Mapping[str, str]) -> dict[str, Values]:
        found: dict[str, list[str]] = {}
        for record in records:
            for id in record.fields.get("supersedes", ()):
                found.setdefault(ids.get(id, id), []).append(ids.get(record.id, record.id))
        return {id: tuple(sorted(newer)) for id, newer in found.items()}

    before, after = successors(old, ids), successors(new, {})
    return {
        ("fact", id): (FieldChange(SUCCESSORS, before.get(id, ()), after.get(id, ())),)
        for id in dict.fromkeys((*before, *after))
        if before.get(id) != after.get(id)
    }


@dataclass
class _State:
    """The records at one commit, by file and by key."""

    files: dict[str, tuple[Recorded, ...]] = field(default_factory=dict)
    known: dict[Key, Recorded] = field(default_factory=dict)


def walk(commits: Iterable[Commit], read: Callable[[str], bytes | None]) -> tuple[Revision, ...]:
    """The revisions that the commits (the oldest first, each after the one before) make; ``read`` gives a blob,
    or None where it is not at hand.

    A file that cannot be read stands as it stood before: nobody took its facts back.
    """
    commits = tuple(commits)
    uses = Counter((file, blob) for commit in commits for file, blob in commit.files)
    kept: dict[tuple[str, str], tuple[Recorded, ...] | None] = {}
    state = _State()
    revisions = []
    for commit in commits:
        before: list[Recorded] = []
        after: list[Recorded] = []
        for file, blob in commit.files:
            records: tuple[Recorded, ...] | None = ()
            if (file, blob) in kept:
                records = kept[file, blob]
            elif blob:
                data = read(blob)
                records = None if data is None else read_records(file, data)
                if uses[file, blob] > 1:
                    kept[file, blob] = records
            if records is not None:
                before += state.files.get(file, ())
                after += records
                state.files[file] = records
        for record in before:
            state.known.pop((record.kind, record.id), None)
        state.known.update(((record.kind, record.id), record) for record in after)
        if changes := compare(before, after, state.known):
            revisions.append(Revision(commit.id, commit.when, commit.says, changes))
    return tuple(revisions)
