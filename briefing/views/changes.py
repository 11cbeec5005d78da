"""Changes to the facts in words, by revision and by fact."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from re import Pattern

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import CREDIBILITY, RELIABILITY, Citation
from briefing.model.history import SUCCESSORS, Change, FieldChange, History, Key, Revision
from briefing.model.records import Fact, NotUsed, Role, fields_that, meanings
from briefing.text.edtf import DateFault, parse_edtf
from briefing.text.language import N_, Language
from briefing.views.labels import (
    ACTOR_KINDS,
    CONFIDENCES,
    LIKELIHOODS,
    PRECISIONS,
    STANDINGS,
    TERM_KINDS,
    UNITS,
    part_label,
    translate,
)
from briefing.views.statement import KIND_WORDS, Link

# How many revisions are on the first page of changes. A longer history also has a page for each year.
NEWEST = 40
RECENT = timedelta(days=30)
# A longer group of changes is folded.
_FOLDED = 6

# A fact's successors are written on the successors, and a new id is no field; so neither is in the model.
_LABELS = {name: meaning.label for name, meaning in meanings().items() if meaning.label} | {
    SUCCESSORS: N_("Superseded by"),
    "id": N_("ID"),
}
_PROSE = fields_that(lambda meaning: meaning.prose)
_DATES = fields_that(lambda meaning: meaning.change == "date")
_FACTS = fields_that(lambda meaning: meaning.refers_to == "fact") | {SUCCESSORS}
_NAMES = fields_that(lambda meaning: meaning.refers_to in ("entity", "actor", "place", "term"))
_SETS = fields_that(lambda meaning: meaning.unordered) | {SUCCESSORS}
# The other fields only say where a fact is found. Where they change, a reader still reads the same.
_READ = Fact.model_fields.keys() - fields_that(lambda meaning: meaning.filing) | {SUCCESSORS}
_ENDS = {"retired", SUCCESSORS}
_SCALES = {"credibility": CREDIBILITY, "reliability": RELIABILITY}
_WORDS = {
    "likelihood": LIKELIHOODS,
    "confidence": CONFIDENCES,
    "precision": PRECISIONS,
    "how": STANDINGS,
    "unit": UNITS,
}
# The fields that hold records within a record, with what comes before each value of such a record in the history.
_INNER = {
    name: re.compile(rf"(?:^|; )({'|'.join(inner.model_fields)}): ")
    for name, inner in (("roles", Role), ("not_used", NotUsed))
}
_KINDS = {"fact": KIND_WORDS, "actor": ACTOR_KINDS, "term": TERM_KINDS}
_TITLES = {
    "added": N_("Added: %(records)s"),
    "removed": N_("Removed: %(records)s"),
    "retired": N_("Withdrawn or superseded: %(records)s"),
    "changed": N_("Changed: %(records)s"),
    "renamed": N_("Renamed: %(records)s"),
    "filed": N_("Changes to filing only: %(records)s"),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A change of one field: its name, and the values before and after in words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change to one record, with a link to its page if it still has one."""

    says: str
    link: Link | None
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind to records of one kind."""

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
    groups: tuple[ChangeGroup, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Revisions by day, the newest first. ``since`` is the first day of the available history, or empty."""

    days: tuple[tuple[str, tuple[RevisionView, ...]], ...]
    years: tuple[Link, ...]
    since: str
    shallow: bool
    count: int


@dataclass(frozen=True, slots=True)
class FactHistory:
    """Since when a fact stands (``known``: the history reaches back to then) and, newest first, what it said before.

    ``ended`` is the day on which it was retired or superseded, empty where it still stands.
    """

    since: str
    known: bool
    ended: str
    before: tuple[tuple[str, tuple[Detail, ...]], ...]


def changes_page(briefing: Briefing, history: History, year: str) -> ChangesPage:
    """Return the page of changes in one year, or of the newest changes if no year is given."""
    known = _known_revisions(history)
    shown = [revision for revision in known if revision.day.startswith(year)]
    if not year:
        shown = shown[-NEWEST:]
    described = _describe_revisions(briefing, history, shown)
    since = ""
    if history.revisions:
        since = _format_day(history.revisions[0].day, briefing.language)
    return ChangesPage(
        days=tuple((day, tuple(group)) for day, group in groupby(described, key=lambda revision: revision.day)),
        years=tuple(Link(year, routes.changes_of(year)) for year in years(history)),
        since=since,
        shallow=history.shallow,
        count=len(known),
    )


def years(history: History) -> tuple[str, ...]:
    """Return the years that have separate pages, the newest first."""
    known = _known_revisions(history)
    if len(known) <= NEWEST:
        return ()
    return tuple(sorted({revision.day[:4] for revision in known}, reverse=True))


def newest(briefing: Briefing, history: History) -> tuple[RevisionView, ...]:
    """Return the newest revisions, the newest first."""
    return tuple(_describe_revisions(briefing, history, _known_revisions(history)[-NEWEST:]))


def _known_revisions(history: History) -> tuple[Revision, ...]:
    # In a shallow clone nothing comes before the first revision, so that it seems to have added everything.
    if history.shallow:
        return history.revisions[1:]
    return history.revisions


def _describe_revisions(briefing: Briefing, history: History, revisions: Sequence[Revision]) -> Iterator[RevisionView]:
    """Describe the revisions, the newest first."""
    renamed: dict[Key, str] = {}
    for revision in history.revisions:
        for change in revision.changes:
            # An id that has a record again leads nowhere else any more.
            renamed.pop((change.kind, change.id), None)
            if change.was:
                renamed[change.kind, change.was] = change.id
    for revision in reversed(revisions):
        yield _describe_revision(briefing, revision, renamed)


def _describe_revision(briefing: Briefing, revision: Revision, renamed: Mapping[Key, str]) -> RevisionView:
    """Describe a revision."""
    language = briefing.language
    grouped: dict[tuple[str, str], list[ChangeView]] = {}
    # What a reader does not notice comes last.
    for change in sorted(revision.changes, key=lambda change: _sort_of(change) == "filed"):
        grouped.setdefault((_sort_of(change), change.kind), []).append(_describe_change(briefing, change, renamed))
    return RevisionView(
        id=f"r-{revision.id[:12]}",
        when=revision.when,
        day=_format_day(revision.day, language),
        says=revision.says,
        groups=tuple(
            ChangeGroup(
                language.gettext(_TITLES[sort], records=_format_count(kind, len(changes), language)), tuple(changes)
            )
            for (sort, kind), changes in grouped.items()
        ),
    )


def _sort_of(change: Change) -> str:
    if change.what == "changed" and change.kind == "fact" and not any(one.field in _READ for one in change.fields):
        return "filed"
    return change.what


def _describe_change(briefing: Briefing, change: Change, renamed: Mapping[Key, str]) -> ChangeView:
    """Return a change in words, with a link to the record if there still is one."""
    details = []
    if change.was:
        renaming = FieldChange("id", (change.was,), (change.id,))
        details.append(_describe_field(briefing, change.kind, renaming, with_new=True))
    for field_change in change.fields:
        # The change itself says the new wording, so that only the old one is a detail.
        with_new = field_change.field not in ("says", "asks")
        details.append(_describe_field(briefing, change.kind, field_change, with_new=with_new))
    link = None
    if change.what != "removed":
        link = _link_to_record(briefing, change, renamed)
    return ChangeView(change.says, link, tuple(details))


def _link_to_record(briefing: Briefing, change: Change, renamed: Mapping[Key, str]) -> Link | None:
    record_id = change.id
    while (change.kind, record_id) in renamed:
        record_id = renamed[change.kind, record_id]
    path = record_path(briefing, change.kind, record_id)
    if not path:
        return None
    return Link(change.says, path)


def record_path(briefing: Briefing, kind: str, record_id: str) -> str:
    """Return the path of the page that shows a record, or an empty string if the record is gone."""
    if not _has_record(briefing, kind, record_id):
        return ""
    if kind == "fact":
        return routes.fact(briefing.fact_by_id[record_id])
    if kind == "source":
        return routes.source(record_id)
    if kind == "judgment":
        return f"{routes.BRIEF}#{record_id}"
    if kind == "question":
        return f"{routes.DISPUTED}#{record_id}"
    return routes.entity(briefing.entity_by_id[record_id])


def _has_record(briefing: Briefing, kind: str, record_id: str) -> bool:
    head = briefing.head
    if kind == "fact":
        return record_id in briefing.fact_by_id
    if kind == "source":
        return record_id in briefing.source_by_id
    if kind == "judgment":
        return head is not None and any(judgment.id == record_id for judgment in head.judgments)
    if kind == "question":
        return head is not None and any(question.id == record_id for question in head.open_questions)
    return record_id in briefing.entity_by_id


@dataclass(frozen=True, slots=True)
class Chain:
    """The changes of a fact since it was added, each with its time. ``added`` is empty if the time is unknown."""

    added: str
    changes: tuple[tuple[str, FieldChange], ...] = ()

    @property
    def last(self) -> str:
        """When it last changed for a reader; empty where that is not known."""
        return max([self.added, *(when for when, change in self.changes if change.field in _READ)])


def chains(history: History) -> dict[str, Chain]:
    """Return the history of each fact by its id, across renames.

    A change that was reversed on the same day is left out.
    """
    added: dict[str, str] = {}
    found: dict[str, list[tuple[str, FieldChange]]] = {}
    for revision in history.revisions:
        time_added = revision.when
        # The first revision of a shallow clone has every fact, whenever it was added.
        if history.shallow and revision is history.revisions[0]:
            time_added = ""
        for change in revision.changes:
            if change.kind != "fact":
                continue
            if change.what in ("added", "removed"):
                added[change.id] = time_added
                found[change.id] = []
                continue
            if change.was:
                added[change.id] = added.pop(change.was, "")
                found[change.id] = found.pop(change.was, [])
                found[change.id].append((revision.when, FieldChange("id", (change.was,), (change.id,))))
            found.setdefault(change.id, []).extend((revision.when, field) for field in change.fields)
    return {fact_id: Chain(added.get(fact_id, ""), tuple(_by_day(changes))) for fact_id, changes in found.items()}


def _by_day(changes: list[tuple[str, FieldChange]]) -> Iterator[tuple[str, FieldChange]]:
    """Join the changes of a field within a day, and drop those that were reversed on the same day."""
    last: dict[tuple[str, str], tuple[str, FieldChange]] = {}
    for when, change in changes:
        key = (when[:10], change.field)
        if key in last:
            _, earlier = last[key]
            change = FieldChange(change.field, earlier.before, change.after)
        last[key] = when, change
    yield from ((when, change) for when, change in last.values() if change.before != change.after)


def past(briefing: Briefing, history: History, fact: Fact, chain: Chain | None) -> FactHistory | None:
    """Return what a fact's page says of its past; None where there is no history, or the fact is not in it yet."""
    if chain is None:
        return None
    # What changed on the day on which the fact was added belongs to adding it.
    later = [
        (when, change)
        for when, change in chain.changes
        if change.field in _READ - _ENDS and when[:10] != chain.added[:10]
    ]
    days = groupby(reversed(later), key=lambda pair: pair[0][:10])
    ended = ""
    ends = [when for when, change in chain.changes if change.field in _ENDS]
    # A fact may have been retired and taken up again.
    if ends and not briefing.is_current(fact):
        ended = _format_day(max(ends), briefing.language)
    return FactHistory(
        since=_format_day(chain.added or history.revisions[0].when, briefing.language),
        known=bool(chain.added),
        ended=ended,
        before=tuple(
            (
                _format_day(day, briefing.language),
                tuple(_describe_field(briefing, "fact", change, with_new=False) for _, change in group),
            )
            for day, group in days
        ),
    )


def recent(history: History) -> str:
    """Return the time after which a change counts as recent: a month before the newest change, or the start of the
    history.
    """
    if not history.revisions:
        return ""
    start = date.fromisoformat(history.revisions[-1].day) - RECENT
    return max(history.revisions[0].when, start.isoformat())


def format_recent(times: Iterable[str], since: str, language: Language) -> str:
    """Return ``3 facts on this page added or changed since 1 May 2026``, or an empty string if there are none."""
    number = sum(time > since for time in times)
    if not number:
        return ""
    return language.ngettext(
        "%(num)s fact on this page added or changed since %(date)s",
        "%(num)s facts on this page added or changed since %(date)s",
        number,
        date=_format_day(since, language),
    )


def _describe_field(briefing: Briefing, kind: str, change: FieldChange, *, with_new: bool) -> Detail:
    """Return a field's change in words; ``with_new`` says the new value beside the old one."""
    name = change.field.rpartition(".")[2]
    language = briefing.language
    label = translate(language, _LABELS, name)

    def format_values(values: Iterable[str]) -> str:
        return "; ".join(_format_value(briefing, kind, name, value) for value in values)

    # A fact ends once; that it had not ended before goes without saying.
    if name in _ENDS and not change.before:
        return Detail(label, format_values(change.after))
    if name in _SETS:
        return Detail(label, _describe_set(change, format_values, language))
    default: tuple[str, ...] = ()
    # A fact that names no kind is a report, which is what a reader saw.
    if kind == "fact" and name == "kind":
        default = (Fact.model_fields["kind"].default,)
    before, after = format_values(change.before or default), format_values(change.after or default)
    if not with_new and before:
        return Detail(label, language.gettext("was %(before)s", before=before))
    if not with_new:
        return Detail(label, language.gettext("was not given"))
    if before and after:
        return Detail(label, language.gettext("was %(before)s, now %(after)s", before=before, after=after))
    if before:
        return Detail(label, language.gettext("removed: %(values)s", values=before))
    return Detail(label, language.gettext("added: %(values)s", values=after))


def _describe_set(change: FieldChange, format_values: Callable[[Iterable[str]], str], language: Language) -> str:
    """Return what was added and removed; the values that stayed would hide it in a long list."""
    lost = [value for value in change.before if value not in change.after]
    gained = [value for value in change.after if value not in change.before]
    parts = []
    if lost:
        parts.append(language.gettext("removed: %(values)s", values=format_values(lost)))
    if gained:
        parts.append(language.gettext("added: %(values)s", values=format_values(gained)))
    return " · ".join(parts)


def _format_value(briefing: Briefing, kind: str, name: str, value: str) -> str:
    """Return a field's value in words. The id of a missing record is left unchanged."""
    if name in _PROSE:
        return f"“{value}”"
    if name in _DATES:
        return _format_date(value, briefing.language)
    if name == "cite":
        return _format_citation(briefing, value)
    if name == "kind":
        return translate(briefing.language, _KINDS.get(kind, {}), value)
    if name in _WORDS:
        return translate(briefing.language, _WORDS[name], value)
    if name in _SCALES:
        return _format_grade(value, _SCALES[name], briefing.language)
    if name in _INNER:
        return _format_inner(briefing, value, _INNER[name])
    return _format_reference(briefing, name, value)


def _format_date(value: str, language: Language) -> str:
    # An old revision may have a date that was no date.
    try:
        return language.format_date(parse_edtf(value))
    except DateFault:
        return value


def _format_citation(briefing: Briefing, value: str) -> str:
    source_id, _, part = value.partition(":")
    source = briefing.source_by_id.get(source_id)
    if source is None:
        return ", ".join(text for text in (source_id, part) if text)
    label = part_label(source, Citation(source_id, part), briefing.language)
    return ", ".join(text for text in (source.publisher, label) if text)


def _format_inner(briefing: Briefing, value: str, names: Pattern[str]) -> str:
    """Return the values, in words, of a record within a record, such as a role."""
    # The history has it as one text, such as "says: King; cite: account:2". That of an old revision may be any other.
    _, *pairs = names.split(value)
    texts: list[str] = []
    for name, part in zip(pairs[::2], pairs[1::2], strict=True):
        parts = part.split(", ") if name == "cite" else [part]
        texts += (_format_value(briefing, "", name, one) for one in parts)
    return ", ".join(texts) or value


def _format_grade(value: str, scale: Mapping[str, str], language: Language) -> str:
    if value not in scale:
        return value
    return language.gettext("%(grade)s (%(meaning)s)", grade=value, meaning=language.gettext(scale[value]))


def _format_reference(briefing: Briefing, name: str, value: str) -> str:
    if name in _NAMES and value in briefing.entity_by_id:
        return briefing.entity_by_id[value].name
    if name in _FACTS and value in briefing.fact_by_id:
        return f"“{briefing.fact_by_id[value].says}”"
    if name == "answers" and briefing.head:
        return next((f"“{question.asks}”" for question in briefing.head.views if question.id == value), value)
    if name == "also" and value in briefing.topic_by_id:
        return briefing.topic_by_id[value].title
    return value


def _format_day(when: str, language: Language) -> str:
    return language.format_date(parse_edtf(when[:10]))


def _format_count(kind: str, number: int, language: Language) -> str:
    ngettext = language.ngettext
    counts = {
        "fact": ngettext("%(num)s fact", "%(num)s facts", number),
        "judgment": ngettext("%(num)s key judgment", "%(num)s key judgments", number),
        "question": ngettext("%(num)s open question", "%(num)s open questions", number),
        "source": ngettext("%(num)s source", "%(num)s sources", number),
        "actor": ngettext("%(num)s actor", "%(num)s actors", number),
        "place": ngettext("%(num)s place", "%(num)s places", number),
        "term": ngettext("%(num)s term", "%(num)s terms", number),
    }
    return counts[kind]
