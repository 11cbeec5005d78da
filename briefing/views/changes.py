"""What changed, in a reader's words: by revision, and for each fact."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import CREDIBILITY, RELIABILITY, Citation
from briefing.model.history import SUCCESSORS, Change, FieldChange, History, Key, Revision
from briefing.model.records import Fact, fields_that, meanings
from briefing.text.edtf import DateFault, parse_edtf
from briefing.views.statement import KIND_WORDS, Link, part_label

NEWEST = 40  # so many revisions stand on the first page of changes; a longer history has a page a year besides
RECENT = timedelta(days=30)
_FOLDED = 6  # more records than this, of one kind and fate, are folded

# the other end of `supersedes`, and an id, are no fields that an editor writes on a fact of this id
_LABELS = {name: meaning.label for name, meaning in meanings().items() if meaning.label} | {
    SUCCESSORS: "Instead",
    "id": "Id",
}
_PROSE = fields_that(lambda meaning: meaning.prose)
_DATES = fields_that(lambda meaning: meaning.change == "date")
_FACTS = fields_that(lambda meaning: meaning.refers_to == "fact") | {SUCCESSORS}
_NAMES = fields_that(lambda meaning: meaning.refers_to in ("entity", "actor", "place", "term"))
_SETS = fields_that(lambda meaning: meaning.unordered) | {SUCCESSORS}
# what a fact's page says; the other fields say where the fact is found, and a reader reads the same
_READ = Fact.model_fields.keys() - fields_that(lambda meaning: meaning.filing) | {SUCCESSORS}
_ENDS = {"retired", SUCCESSORS}
_VERBS = {"removed": "Removed", "retired": "No longer stands", "changed": "Changed", "renamed": "Renamed"}
_NOUNS = {"judgment": "key judgment", "question": "open question"}


@dataclass(frozen=True, slots=True)
class Detail:
    """What differs in one field: its name, and before and after in words."""

    label: str
    said: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What became of one record, with its page where it still has one."""

    says: str
    link: Link | None
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """Records of one kind that fared alike; many are ``folded``."""

    title: str
    changes: tuple[ChangeView, ...]

    @property
    def folded(self) -> bool:
        """Whether only the title shows until it is opened."""
        return len(self.changes) > _FOLDED


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A commit: an id for its anchor, its time (ISO 8601) and day in words, what it says of itself, what it changed."""

    id: str
    when: str
    day: str
    says: str
    fates: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Revisions under their days, the newest first; ``since`` is the first day of the history at hand (or empty)."""

    days: tuple[tuple[str, tuple[RevisionView, ...]], ...]
    years: tuple[Link, ...]
    since: str
    shallow: bool
    count: int


@dataclass(frozen=True, slots=True)
class Past:
    """Since when a fact stands (``known``: the history reaches back to then) and, newest first, what it said before.

    ``ended`` is the day on which it was retired or superseded, empty where it still stands.
    """

    since: str
    known: bool
    ended: str
    before: tuple[tuple[str, tuple[Detail, ...]], ...]


def changes_page(briefing: Briefing, history: History, year: str) -> ChangesPage:
    """The page of one year's changes, or of the newest where none is named."""
    known = _known(history)
    shown = [revision for revision in known if revision.day.startswith(year)][-NEWEST if not year else 0 :]
    told = _describe_revisions(briefing, history, shown)
    return ChangesPage(
        days=tuple((day, tuple(group)) for day, group in groupby(told, key=lambda revision: revision.day)),
        years=tuple(Link(year, routes.changes_of(year)) for year in years(history)),
        since=_day(history.revisions[0].day) if history.revisions else "",
        shallow=history.shallow,
        count=len(known),
    )


def years(history: History) -> tuple[str, ...]:
    """The years that have a page of their own, the newest first."""
    known = _known(history)
    return tuple(sorted({revision.day[:4] for revision in known}, reverse=True)) if len(known) > NEWEST else ()


def newest(briefing: Briefing, history: History) -> tuple[RevisionView, ...]:
    """The newest revisions, the newest first."""
    return tuple(_describe_revisions(briefing, history, _known(history)[-NEWEST:]))


def _known(history: History) -> tuple[Revision, ...]:
    return history.revisions[1:] if history.shallow else history.revisions


def _describe_revisions(briefing: Briefing, history: History, revisions: Sequence[Revision]) -> Iterator[RevisionView]:
    """The revisions in words, the newest first."""
    renamed: dict[Key, str] = {}
    for revision in history.revisions:
        for change in revision.changes:
            renamed.pop((change.kind, change.id), None)  # an id that is used anew
            if change.was:
                renamed[change.kind, change.was] = change.id
    for revision in reversed(revisions):
        yield _describe_revision(briefing, revision, renamed)


def _describe_revision(briefing: Briefing, revision: Revision, renamed: Mapping[Key, str]) -> RevisionView:
    """A revision in words: losses first."""

    def fate(change: Change) -> tuple[str, str]:
        if change.what == "added":
            return "Added", change.kind
        read = change.kind != "fact" or any(one.field in _READ for one in change.fields)
        return "Only filed anew" if change.what == "changed" and not read else _VERBS[change.what], change.kind

    ordered = sorted(revision.changes, key=lambda change: fate(change)[0] == "Only filed anew")
    fates: dict[tuple[str, str], list[ChangeView]] = {}
    for change in ordered:
        fates.setdefault(fate(change), []).append(_describe_change(briefing, change, renamed))
    return RevisionView(
        id=f"r-{revision.id[:12]}",
        when=revision.when,
        day=_day(revision.day),
        says=revision.says,
        fates=tuple(Fate(f"{verb}: {_counted(kind, len(told))}", tuple(told)) for (verb, kind), told in fates.items()),
    )


def _describe_change(briefing: Briefing, change: Change, renamed: Mapping[Key, str]) -> ChangeView:
    """A change in words. Of a new wording only what stood before is told: what stands now is what the change says."""
    moved = (Detail("Id", f"was {change.was}, now {change.id}"),) if change.was else ()
    details = tuple(_detail(briefing, change.kind, one, now=one.field not in ("says", "asks")) for one in change.fields)
    id = change.id
    while (change.kind, id) in renamed:
        id = renamed[change.kind, id]
    path = record_path(briefing, change.kind, id) if change.what != "removed" else ""
    return ChangeView(change.says, Link(change.says, path) if path else None, (*moved, *details))


def record_path(briefing: Briefing, kind: str, id: str) -> str:
    """Where a record is told of; empty where the briefing does not have it."""
    head = briefing.head
    if kind == "fact":
        return routes.fact(briefing.fact_by_id[id]) if id in briefing.fact_by_id else ""
    if kind == "source":
        return routes.source(id) if id in briefing.source_by_id else ""
    if kind == "judgment":
        return f"{routes.BRIEF}#{id}" if head and any(one.id == id for one in head.judgments) else ""
    if kind == "question":
        return f"{routes.DISPUTED}#{id}" if head and any(one.id == id for one in head.open_questions) else ""
    return routes.entity(briefing.entity_by_id[id]) if id in briefing.entity_by_id else ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A fact's changes since it was added, each with its time; ``added`` is empty where that is not known."""

    added: str
    changes: tuple[tuple[str, FieldChange], ...] = ()

    @property
    def last(self) -> str:
        """When it last changed for a reader."""
        return max([self.added, *(when for when, change in self.changes if change.field in _READ)])


def chains(history: History) -> dict[str, Chain]:
    """What the history has of each fact, by its id, through renames.

    What was changed and changed back within a day is left out.
    """
    added: dict[str, str] = {}
    found: dict[str, list[tuple[str, FieldChange]]] = {}
    for revision in history.revisions:
        unknown = history.shallow and revision is history.revisions[0]
        for change in revision.changes:
            if change.kind != "fact":
                continue
            if change.what in ("added", "removed"):
                added[change.id], found[change.id] = "" if unknown else revision.when, []
                continue
            if change.was:
                added[change.id] = added.pop(change.was, "")
                found[change.id] = found.pop(change.was, [])
                found[change.id].append((revision.when, FieldChange("id", (change.was,), (change.id,))))
            found.setdefault(change.id, []).extend((revision.when, field) for field in change.fields)
    return {id: Chain(added.get(id, ""), tuple(_settled(changes))) for id, changes in found.items()}


def _settled(changes: list[tuple[str, FieldChange]]) -> Iterator[tuple[str, FieldChange]]:
    """The changes by what a day made of each field."""
    last: dict[tuple[str, str], tuple[str, FieldChange]] = {}
    for when, change in changes:
        key = (when[:10], change.field)
        before = last[key][1].before if key in last else change.before
        last[key] = when, FieldChange(change.field, before, change.after)
    yield from ((when, change) for when, change in last.values() if change.before != change.after)


def past(briefing: Briefing, history: History, fact: Fact, chain: Chain | None) -> Past | None:
    """What a fact's page says of its past; None where there is no history, or the fact is not in it yet."""
    if chain is None:
        return None
    told = [
        (when, change)
        for when, change in chain.changes
        if change.field in _READ - _ENDS and when[:10] != chain.added[:10]  # the day on which it was added is one step
    ]
    ends = [when for when, change in chain.changes if change.field in _ENDS]
    days = groupby(reversed(told), key=lambda pair: pair[0][:10])
    return Past(
        since=_day(chain.added or history.revisions[0].when),
        known=bool(chain.added),
        ended=_day(max(ends)) if ends and not briefing.is_current(fact) else "",
        before=tuple(
            (_day(day), tuple(_detail(briefing, "fact", change, now=False) for _, change in group))
            for day, group in days
        ),
    )


def recent(history: History) -> str:
    """The time after which a change is recent: a month before the newest one, but not before the history begins."""
    if not history.revisions:
        return ""
    start = date.fromisoformat(history.revisions[-1].day) - RECENT
    return max(history.revisions[0].when, start.isoformat())


def format_recent(times: Iterable[str], since: str) -> str:
    """``3 facts on this page new or changed since 1 May 2026``; empty where none did."""
    number = sum(time > since for time in times)
    return f"{_counted('fact', number)} on this page new or changed since {_day(since)}" if number else ""


def _detail(briefing: Briefing, kind: str, change: FieldChange, *, now: bool) -> Detail:
    """A field's change in words; what stands ``now`` is told only where it is asked for."""
    name = change.field.rpartition(".")[2]
    label = _LABELS.get(name, change.field.replace("_", " ").replace(".", ", ").capitalize())

    def format_values(values: Iterable[str]) -> str:
        return "; ".join(_value(briefing, kind, name, value) for value in values)

    if name in _ENDS and not change.before:
        return Detail(label, format_values(change.after))
    if name in _SETS:
        lost = [value for value in change.before if value not in change.after]
        gained = [value for value in change.after if value not in change.before]
        parts = (
            f"no longer {format_values(lost)}" if lost else "",
            f"now also {format_values(gained)}" if gained else "",
        )
        if not change.before:
            parts = (f"now {format_values(gained)}", "")
        return Detail(label, "; ".join(part for part in parts if part))
    default = (Fact.model_fields["kind"].default,) if (kind, name) == ("fact", "kind") else ()
    before, after = format_values(change.before or default), format_values(change.after or default)
    was = f"was {before}" if before else "there was none"
    if not now:
        return Detail(label, was)
    return Detail(label, f"{was}, now {after or 'none'}")


def _value(briefing: Briefing, kind: str, name: str, value: str) -> str:
    if name in _PROSE:
        return f"“{value}”"
    if name in _DATES:
        try:
            return parse_edtf(value).words
        except DateFault:
            return value
    if name == "cite":
        id, _, part = value.partition(":")
        source = briefing.source_by_id.get(id)
        label = part_label(source, Citation(id, part)) if source else part
        return ", ".join(text for text in (source.publisher if source else id, label) if text)
    if name in _NAMES and value in briefing.entity_by_id:
        return briefing.entity_by_id[value].name
    if name in _FACTS and value in briefing.fact_by_id:
        return f"“{briefing.fact_by_id[value].says}”"
    if name == "answers" and briefing.head:
        return next((f"“{asked.asks}”" for asked in briefing.head.views if asked.id == value), value)
    if name == "also" and value in briefing.topic_by_id:
        return briefing.topic_by_id[value].title
    if kind == "fact" and name == "kind":
        return KIND_WORDS.get(value, value).lower()
    scales = {"credibility": CREDIBILITY, "reliability": RELIABILITY}
    return f"{value}, {scales[name][value]}" if value in scales.get(name, {}) else value


def _day(when: str) -> str:
    return parse_edtf(when[:10]).words


def _counted(kind: str, number: int) -> str:
    noun = _NOUNS.get(kind, kind)
    return f"{number} {noun}{'' if number == 1 else 's'}"
