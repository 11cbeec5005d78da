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
# The kind of a record, and its id.
Key = tuple[str, str]

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
# A topic is a file, which is not followed when it is renamed.
_REFERENCES = fields_that(lambda meaning: meaning.refers_to and meaning.refers_to != "topic")
# A fact means the same with and without these.
_DEFAULTS = {name: (str(field.default),) for name, field in Fact.model_fields.items() if isinstance(field.default, str)}
# How much of its wording a record must keep to count as the same one under another id.
_ALIKE = 0.6
# Written in no file: the other end of another fact's `supersedes`. The fact whose end it is has to show it, though its
# own lines have not changed.
SUCCESSORS = "superseded_by"


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
        # An empty file has no records; of a broken one it is not known which it has.
        return None if data.strip() else ()
    value = plain(node)
    if kind:
        return tuple(_recorded(kind, value))
    if not isinstance(value, dict):
        return None
    if is_topic:
        return tuple(_facts(value.get("sections")))
    return (*_recorded("judgment", value.get("judgments")), *_recorded("question", value.get("open_questions")))


def _facts(sections: object) -> Iterator[Recorded]:
    if not isinstance(sections, list):
        return
    for section in sections:
        if isinstance(section, dict):
            yield from _recorded("fact", section.get("facts"))


def _recorded(kind: str, items: object) -> Iterator[Recorded]:
    if not isinstance(items, list):
        return
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield Recorded(kind, item["id"], dict(_fields(kind, item)))


def _fields(kind: str, value: Mapping[str, object], around: str = "") -> Iterator[tuple[str, Values]]:
    for name, part in value.items():
        if isinstance(part, dict):
            yield from _fields("", part, f"{around}{name}.")
            continue
        # A list of one may be written as that one: to change that is not a change.
        items = part if isinstance(part, list) else [part]
        texts = tuple(filter(None, map(_text, items)))
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
    successors = _succession(old.values(), new.values(), ids)
    # A renamed record is the same as one under another id.
    before_of = old | {(now.kind, now.id): was for now, was in renamed.values()}
    changes = [Change("removed", was.kind, was.id, was.says) for was in gone if (was.kind, was.id) not in renamed]
    for key, now in new.items():
        was = before_of.get(key)
        if was is None:
            changes.append(Change("added", now.kind, now.id, now.says))
            continue
        differing = (*_differing(was, now, ids), *successors.pop(key, ()))
        if differing or was.id != now.id:
            changes.append(_change(was, now, differing))
    # What is left are facts in files that have not changed.
    for key, differing in successors.items():
        if known and key in known:
            changes.append(_change(known[key], known[key], differing))
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(sorted(changes, key=lambda change: (LOSSES_FIRST.index(change.what), order[change.kind])))


def _change(was: Recorded, now: Recorded, fields: tuple[FieldChange, ...]) -> Change:
    former_id = was.id if was.id != now.id else ""
    what: What = "renamed" if former_id else "changed"
    # That a fact has ended weighs more than its new id.
    if any(field.field in ("retired", SUCCESSORS) and field.after and not field.before for field in fields):
        what = "retired"
    return Change(what, now.kind, now.id, now.says, former_id, fields)


def _renamed(gone: list[Recorded], come: list[Recorded]) -> Iterator[tuple[Key, tuple[Recorded, Recorded]]]:
    """The records that go on under another id, by their key before: as they are now and as they were."""
    left = list(come)
    for was in gone:
        same = [now for now in left if now.kind == was.kind]
        found = next((now for now in same if now.says == was.says), None)
        # Comparing word by word takes long, and is rarely needed.
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
    # Most records of a file that has changed are as they were.
    if was.fields == now.fields and not ids:
        return
    for name in dict.fromkeys((*now.fields, *was.fields)):
        before = was.fields.get(name, ())
        after = now.fields.get(name, ())
        _, _, last_name = name.rpartition(".")
        # A reference to a renamed record is a reference to the same record.
        if ids and last_name in _REFERENCES:
            before = tuple(_with_new_id(value, ids) for value in before)
            if last_name in _UNORDERED:
                before = tuple(sorted(before))
        if before != after:
            yield FieldChange(name, before, after)


def _with_new_id(value: str, ids: Mapping[str, str]) -> str:
    # A citation has its part behind a colon.
    record_id, colon, part = value.partition(":")
    return f"{ids.get(record_id, record_id)}{colon}{part}"


def _succession(
    old: Iterable[Recorded], new: Iterable[Recorded], ids: Mapping[str, str]
) -> dict[Key, tuple[FieldChange, ...]]:
    """The facts whose successors differ."""
    before = _successors(old, ids)
    after = _successors(new, {})
    return {
        ("fact", fact_id): (FieldChange(SUCCESSORS, before.get(fact_id, ()), after.get(fact_id, ())),)
        for fact_id in dict.fromkeys((*before, *after))
        if before.get(fact_id) != after.get(fact_id)
    }


def _successors(records: Iterable[Recorded], ids: Mapping[str, str]) -> dict[str, Values]:
    """The facts that supersede a fact, by its id; renamed ones under their new ids."""
    found: dict[str, list[str]] = {}
    for record in records:
        for fact_id in record.fields.get("supersedes", ()):
            found.setdefault(ids.get(fact_id, fact_id), []).append(ids.get(record.id, record.id))
    return {fact_id: tuple(sorted(newer)) for fact_id, newer in found.items()}


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
    # A revert, or a branch that is merged, brings the same blob again. Others are needed once, and need not be kept.
    uses = Counter((file, blob) for commit in commits for file, blob in commit.files)
    cache: dict[tuple[str, str], tuple[Recorded, ...] | None] = {}
    state = _State()
    revisions = []
    for commit in commits:
        before: list[Recorded] = []
        after: list[Recorded] = []
        for file, blob in commit.files:
            if (file, blob) in cache:
                records = cache[file, blob]
            else:
                records = _read_blob(file, blob, read)
                if uses[file, blob] > 1:
                    cache[file, blob] = records
            if records is not None:
                before += state.files.get(file, ())
                after += records
                state.files[file] = records
        # All of them first: a record may have moved from one file of the commit to another.
        for record in before:
            state.known.pop((record.kind, record.id), None)
        state.known.update(((record.kind, record.id), record) for record in after)
        changes = compare(before, after, state.known)
        if changes:
            revisions.append(Revision(commit.id, commit.when, commit.says, changes))
    return tuple(revisions)


def _read_blob(file: str, blob: str, read: Callable[[str], bytes | None]) -> tuple[Recorded, ...] | None:
    # A file that was removed has no blob.
    if not blob:
        return ()
    data = read(blob)
    if data is None:
        return None
    return read_records(file, data)
