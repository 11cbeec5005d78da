"""Find what changed between two states of the facts, record by record, and day by day in a series of commits.

Records are matched by kind and id, so changes to order, layout and file do not count. Records are read as written, not
by today's rules, because an invalid record of an earlier state is still what readers saw.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import groupby
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
# Topics are files, and renamed files are not followed.
_REFERENCES = fields_that(lambda meaning: meaning.refers_to and meaning.refers_to != "topic")
_CITING = fields_that(lambda meaning: meaning.refers_to == "citation")
# A fact means the same with or without these values.
_DEFAULTS = {name: (str(field.default),) for name, field in Fact.model_fields.items() if isinstance(field.default, str)}
# The share of its wording that a record with a new id must keep to count as renamed.
_ALIKE = 0.6
# The other end of `supersedes`, which no file contains. A superseded fact has to show it although its own lines are
# unchanged.
SUCCESSORS = "superseded_by"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as written, with its fields as texts. Fields of nested maps have dotted names."""

    kind: str
    id: str
    fields: Mapping[str, Values]

    @property
    def prose(self) -> str:
        """The name of the field that describes the record as a whole."""
        return headline(_MODELS[self.kind])

    @property
    def says(self) -> str:
        """The text that describes the record as a whole."""
        return " ".join(self.fields.get(self.prose, (self.id,)))


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The texts of a field before and after a change; empty where the field is missing."""

    field: str
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a record. ``was`` is its earlier id, if that differs. ``fields`` are the fields that differ.

    ``says`` describes the record after the change, or before it if the record was removed. ``when`` is the time of the
    last commit that changed the record on that day (ISO 8601, UTC), or empty if the two states are not from a history.
    """

    what: What
    kind: str
    id: str
    says: str
    was: str = ""
    fields: tuple[FieldChange, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its time (ISO 8601, UTC), and files with their blobs (empty for a removed file)."""

    when: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """What a day's commits changed, from its first state to its last, and the time of the last commit."""

    when: str
    changes: tuple[Change, ...]

    @property
    def day(self) -> str:
        """The day, in ISO 8601."""
        return self.when[:10]


@dataclass(frozen=True, slots=True)
class History:
    """Revisions from the oldest to the newest, at most one for each day; none if there is no history.

    In a ``shallow`` history, the first revision is only the oldest available state, and its changes are unknown.
    ``fault`` is the reason why a repository could not be read. It is empty if there is no repository.
    """

    revisions: tuple[Revision, ...] = ()
    shallow: bool = False
    fault: str = ""

    def until(self, day: str) -> "History":
        """Return the history up to the end of a day (ISO 8601, UTC)."""
        return replace(self, revisions=tuple(revision for revision in self.revisions if revision.day <= day))

    def without(self, fact_ids: Container[str]) -> "History":
        """Return the history without the changes of these facts."""
        revisions = []
        for revision in self.revisions:
            kept = tuple(
                change
                for change in revision.changes
                if change.kind != "fact" or not (change.id in fact_ids or change.was in fact_ids)
            )
            if kept:
                revisions.append(replace(revision, changes=kept))
        return replace(self, revisions=tuple(revisions))


NO_HISTORY = History()


def read_records(file: str, data: bytes) -> tuple[Recorded, ...] | None:
    """Return the records of one file of ``facts/``, or None if it cannot be read."""
    kind = _FILES.get(file)
    is_topic = str(PurePosixPath(file).parent) == "facts/topics"
    if not kind and not is_topic and file != "facts/briefing.yml":
        return ()
    node, _ = load_yaml(file, data)
    if node is None:
        # An empty file has no records. The records of a broken file are unknown.
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
        if isinstance(part, dict) and name not in _CITING:
            yield from _fields("", part, f"{around}{name}.")
            continue
        # A list of one item may be written as that item, so the two forms are the same.
        items = part if isinstance(part, list) else [part]
        texts = tuple(filter(None, map(_cited if name in _CITING else _text, items)))
        if name in _UNORDERED:
            texts = tuple(sorted(texts))
        if texts and (around or name != "id") and not (kind == "fact" and _DEFAULTS.get(name) == texts):
            yield f"{around}{name}", texts


def _cited(value: object) -> str:
    """Return ``source:part``, with the quotation if there is one.

    The day on which it was read is left out, because a later reading does not change the fact.
    """
    if not isinstance(value, dict):
        return _text(value)
    place = ":".join(_text(value[name]) for name in ("source", "part") if name in value)
    words = [f"“{_text(value[name])}”" for name in ("quote", "translation") if name in value]
    return " ".join((place, *words))


def _text(value: object) -> str:
    match value:
        case dict():
            return "; ".join(
                f"{name}: {', '.join(map(_cited, part if isinstance(part, list) else [part]))}"
                if name in _CITING
                else f"{name}: {_text(part)}"
                for name, part in value.items()
            )
        case list():
            return ", ".join(_text(item) for item in value)
    return " ".join(str(value).split())


def compare(
    before: Iterable[Recorded], after: Iterable[Recorded], known: Mapping[Key, Recorded] | None = None
) -> tuple[Change, ...]:
    """Return the changes, losses first, and each kind in the order of its records.

    ``known`` has further records that are the same on both sides and that the changed ones may refer to.
    """
    old = {(record.kind, record.id): record for record in before}
    new = {(record.kind, record.id): record for record in after}
    gone = [record for key, record in old.items() if key not in new]
    come = [record for key, record in new.items() if key not in old]
    renamed = dict(_renamed(gone, come))
    ids = {was.id: now.id for now, was in renamed.values()}
    successors = _succession(old.values(), new.values(), ids)
    # A renamed record is compared with the record under its old id.
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
    # The remaining facts are in files that have not changed.
    for key, differing in successors.items():
        if known and key in known:
            changes.append(_change(known[key], known[key], differing))
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(sorted(changes, key=lambda change: (LOSSES_FIRST.index(change.what), order[change.kind])))


def _change(was: Recorded, now: Recorded, fields: tuple[FieldChange, ...]) -> Change:
    former_id = was.id if was.id != now.id else ""
    what: What = "renamed" if former_id else "changed"
    # The end of a fact is more important than its new id.
    if any(field.field in ("retired", SUCCESSORS) and field.after and not field.before for field in fields):
        what = "retired"
    return Change(what, now.kind, now.id, now.says, former_id, fields)


def _renamed(gone: list[Recorded], come: list[Recorded]) -> Iterator[tuple[Key, tuple[Recorded, Recorded]]]:
    """Yield the old key of each renamed record, with its present and its earlier state."""
    left = list(come)
    for was in gone:
        same = [now for now in left if now.kind == was.kind]
        found = next((now for now in same if now.says == was.says), None)
        # Comparing word by word is slow and rarely needed.
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
    # Most records of a changed file are unchanged.
    if was.fields == now.fields and not ids:
        return
    for name in dict.fromkeys((*now.fields, *was.fields)):
        before = was.fields.get(name, ())
        after = now.fields.get(name, ())
        _, _, last_name = name.rpartition(".")
        # A reference to a renamed record still refers to the same record.
        if ids and last_name in _REFERENCES:
            before = tuple(_with_new_id(value, ids) for value in before)
            if last_name in _UNORDERED:
                before = tuple(sorted(before))
        if before != after:
            yield FieldChange(name, before, after)


def _with_new_id(value: str, ids: Mapping[str, str]) -> str:
    # A citation has its part after a colon, and its quotation after a space.
    record_id = re.split("[: ]", value, maxsplit=1)[0]
    return f"{ids.get(record_id, record_id)}{value.removeprefix(record_id)}"


def _succession(
    old: Iterable[Recorded], new: Iterable[Recorded], ids: Mapping[str, str]
) -> dict[Key, tuple[FieldChange, ...]]:
    """Return the facts whose successors differ."""
    before = _successors(old, ids)
    after = _successors(new, {})
    return {
        ("fact", fact_id): (FieldChange(SUCCESSORS, before.get(fact_id, ()), after.get(fact_id, ())),)
        for fact_id in dict.fromkeys((*before, *after))
        if before.get(fact_id) != after.get(fact_id)
    }


def _successors(records: Iterable[Recorded], ids: Mapping[str, str]) -> dict[str, Values]:
    """Return the facts that supersede each fact, by its id. Renamed facts have their new ids."""
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
    """Return the revisions in a series of commits, the oldest first. ``read`` returns a blob, or None if it is missing.

    The commits of one day are one revision, so what was changed and changed back on that day is left out. A file that
    cannot be read counts as unchanged, because its facts were not withdrawn.
    """
    commits = tuple(_in_order(commits))
    # A revert or a merge brings back the same blob. All other blobs are needed only once and are not cached.
    uses = Counter((file, blob) for commit in commits for file, blob in commit.files)
    cache: dict[tuple[str, str], tuple[Recorded, ...] | None] = {}
    state = _State()
    revisions = []
    for _, commits_of_day in groupby(commits, key=lambda commit: commit.when[:10]):
        files_before: dict[str, tuple[Recorded, ...]] = {}
        times: dict[Key, str] = {}
        for commit in commits_of_day:
            for file, blob in commit.files:
                if (file, blob) in cache:
                    records = cache[file, blob]
                else:
                    records = _read_blob(file, blob, read)
                    if uses[file, blob] > 1:
                        cache[file, blob] = records
                if records is not None:
                    earlier = state.files.get(file, ())
                    files_before.setdefault(file, earlier)
                    times |= dict.fromkeys(_differing_keys(earlier, records), commit.when)
                    state.files[file] = records
        before = [record for records in files_before.values() for record in records]
        after = [record for file in files_before for record in state.files[file]]
        # All old records go first, because a record may have moved between files on that day.
        for record in before:
            state.known.pop((record.kind, record.id), None)
        state.known.update(((record.kind, record.id), record) for record in after)
        changes = compare(before, after, state.known)
        if changes:
            dated = (replace(one, when=times.get((one.kind, one.id), commit.when)) for one in changes)
            revisions.append(Revision(commit.when, tuple(dated)))
    return tuple(revisions)


def _in_order(commits: Iterable[Commit]) -> Iterator[Commit]:
    """Yield the commits in the same order, with times that never decrease."""
    # A commit can only be earlier than the one before it if a clock was wrong. Without this, a day could occur twice.
    when = ""
    for commit in commits:
        when = max(when, commit.when)
        yield replace(commit, when=when)


def _differing_keys(before: Iterable[Recorded], after: Iterable[Recorded]) -> Iterator[Key]:
    old = {(record.kind, record.id): record for record in before}
    new = {(record.kind, record.id): record for record in after}
    yield from (key for key in {**old, **new} if old.get(key) != new.get(key))


def _read_blob(file: str, blob: str, read: Callable[[str], bytes | None]) -> tuple[Recorded, ...] | None:
    # A removed file has no blob.
    if not blob:
        return ()
    data = read(blob)
    if data is None:
        return None
    return read_records(file, data)
