"""Changes to the facts since the first publication in words, by day and by fact."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from re import Pattern
from typing import Literal

from briefing.evidence.change_classes import classify_change
from briefing.evidence.last_result import cache_last
from briefing.evidence.names import Names
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import CREDIBILITY, RELIABILITY
from briefing.model.history import SUCCESSORS, Change, FieldChange, History, Key, Revision
from briefing.model.records import (
    Alternative,
    BottomLine,
    Counterevidence,
    Fact,
    Implication,
    Indicator,
    NotUsed,
    Outcome,
    Role,
    fields_that,
    meanings,
)
from briefing.text.edtf import DateFault, parse_edtf
from briefing.text.language import N_, Language
from briefing.views.labels import (
    ACTOR_KINDS,
    CONFIDENCES,
    CONSEQUENCES,
    LIKELIHOODS,
    MOVES,
    PRECISIONS,
    RESULTS,
    STANDINGS,
    TERM_KINDS,
    UNITS,
    part_label,
    translate,
)
from briefing.views.statement import KIND_WORDS, Link

# How many days are on the first page of changes. A longer history also has a page for each year.
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
# These fields only decide where a fact is found.
_FILING = fields_that(lambda meaning: meaning.filing)
_ENDS = {"retired", SUCCESSORS}
_SCALES = {"credibility": CREDIBILITY, "reliability": RELIABILITY}
_WORDS = {
    "likelihood": LIKELIHOODS,
    "confidence": CONFIDENCES,
    "precision": PRECISIONS,
    "how": STANDINGS,
    "unit": UNITS,
    "consequence": CONSEQUENCES,
    "moves": MOVES,
    "result": RESULTS,
}
# The fields that hold records within a record, with what comes before each value of such a record in the history.
_INNER = {
    name: re.compile(rf"(?:^|; )({'|'.join(inner.model_fields)}): ")
    for name, inner in (
        ("roles", Role),
        ("not_used", NotUsed),
        ("bottom_line", BottomLine),
        ("alternatives", Alternative),
        ("against", Counterevidence),
        ("implications", Implication),
        ("indicators", Indicator),
        ("outcome", Outcome),
    )
}
_KINDS = {"fact": KIND_WORDS, "actor": ACTOR_KINDS, "term": TERM_KINDS}
_TITLES = {
    "added": N_("Added: %(records)s"),
    "removed": N_("Removed: %(records)s"),
    "retired": N_("Withdrawn or superseded: %(records)s"),
    "changed": N_("Changed: %(records)s"),
    "editorial": N_("Wording and arrangement only: %(records)s"),
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
    editorial: bool = False

    @property
    def folded(self) -> bool:
        """Whether only the title shows until it is opened."""
        return self.editorial or len(self.changes) > _FOLDED


@dataclass(frozen=True, slots=True)
class RevisionView:
    """The changes of one day: an anchor, the day (ISO 8601, and in words), and the time of its last change.

    Groups of editorial changes come last.
    """

    anchor: str
    date: str
    day: str
    when: str
    groups: tuple[ChangeGroup, ...]

    @property
    def substance(self) -> tuple[ChangeGroup, ...]:
        """The groups of changes that are more than editorial."""
        return tuple(group for group in self.groups if not group.editorial)


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The days on which something changed, the newest first.

    ``published`` is the day of the first publication, or empty if the briefing has not been published. ``missing`` is
    the day up to which the changes are unknown, or empty. Without ``has_history``, nothing is known about changes.
    """

    revisions: tuple[RevisionView, ...]
    years: tuple[Link, ...]
    published: str
    has_history: bool
    missing: str


@dataclass(frozen=True, slots=True)
class FactHistory:
    """When a fact was first published, and its earlier state before each change, the newest change first.

    ``start`` says what ``since`` is: the first publication of the briefing, the day on which the fact was added, or the
    oldest day that is known. ``ended`` is the day on which it was retired or superseded, or empty.
    """

    start: Literal["first", "added", "oldest"]
    since: str
    ended: str
    before: tuple[tuple[str, tuple[Detail, ...]], ...]


def changes_page(briefing: Briefing, history: History, year: str) -> ChangesPage:
    """Return the page of changes in one year, or of the newest changes if no year is given."""
    known = _known_revisions(briefing, history)
    shown = [revision for revision in known if revision.day.startswith(year)]
    if not year:
        shown = shown[-NEWEST:]
    published = missing = ""
    if briefing.published:
        published = briefing.language.format_date(briefing.published.first)
    if _is_incomplete(briefing, history):
        missing = _format_day(history.revisions[0].day, briefing.language)
    return ChangesPage(
        revisions=tuple(_describe_revisions(briefing, history, shown)),
        years=tuple(Link(year, routes.changes_of(year)) for year in years(briefing, history)),
        published=published,
        has_history=bool(history.revisions),
        missing=missing,
    )


def years(briefing: Briefing, history: History) -> tuple[str, ...]:
    """Return the years that have separate pages, the newest first."""
    known = _known_revisions(briefing, history)
    if len(known) <= NEWEST:
        return ()
    return tuple(sorted({revision.day[:4] for revision in known}, reverse=True))


def newest(briefing: Briefing, history: History) -> tuple[RevisionView, ...]:
    """Return the newest revisions, the newest first."""
    return tuple(_describe_revisions(briefing, history, _known_revisions(briefing, history)[-NEWEST:]))


def _first_day(briefing: Briefing) -> str:
    """Return the day of the first publication (ISO 8601), or an empty text if there was none."""
    if briefing.published is None:
        return ""
    return str(briefing.published.first)


def _known_revisions(briefing: Briefing, history: History) -> tuple[Revision, ...]:
    """Return the revisions after the first publication whose changes are known."""
    first = _first_day(briefing)
    if not first:
        return ()
    revisions = history.revisions
    # In a shallow clone nothing comes before the first revision, so that it seems to have added everything.
    if history.shallow:
        revisions = revisions[1:]
    return tuple(revision for revision in revisions if revision.day > first)


def _is_incomplete(briefing: Briefing, history: History) -> bool:
    """Return whether changes after the first publication are missing from the history."""
    first = _first_day(briefing)
    return bool(first) and history.shallow and bool(history.revisions) and history.revisions[0].day > first


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
    for change in sorted(revision.changes, key=lambda change: not _is_substance(briefing, change)):
        sort = "editorial"
        if _is_substance(briefing, change):
            # With a change of substance, a new id is a detail.
            sort = "changed" if change.what == "renamed" else change.what
        grouped.setdefault((sort, change.kind), []).append(_describe_change(briefing, change, renamed))
    return RevisionView(
        anchor=f"changes-{revision.day}",
        date=revision.day,
        day=_format_day(revision.day, language),
        when=revision.when,
        groups=tuple(
            ChangeGroup(
                language.gettext(_TITLES[sort], records=_format_count(kind, len(changes), language)),
                tuple(changes),
                sort == "editorial",
            )
            for (sort, kind), changes in grouped.items()
        ),
    )


def _is_substance(briefing: Briefing, change: Change) -> bool:
    """Return whether a change is more than a change of wording or arrangement."""
    if change.what in ("added", "removed", "retired"):
        return True
    return any(_is_substantial(briefing, one) for one in change.fields)


@cache_last
def _names_of(briefing: Briefing) -> Names:
    return Names((*briefing.actors, *briefing.places))


def _is_substantial(briefing: Briefing, change: FieldChange) -> bool:
    return classify_change(_names_of(briefing), change, briefing.language.tag) != ("wording",)


def _describe_change(briefing: Briefing, change: Change, renamed: Mapping[Key, str]) -> ChangeView:
    """Return a change in words, with a link to the record if there still is one.

    Fields that only file the record are left out if others have changed.
    """
    details = []
    if change.was:
        renaming = FieldChange("id", (change.was,), (change.id,))
        details.append(_describe_field(briefing, change.kind, renaming, with_new=True))
    main = [one for one in change.fields if one.field not in _FILING or _is_substantial(briefing, one)]
    for field_change in main or change.fields:
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
        return routes.judgment(record_id)
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


@dataclass(slots=True)
class Chain:
    """A fact's changes after the first publication, the oldest first, and whether each is more than wording.

    ``added`` is when it was added: a time, the day of the first publication, or empty if it is not known. ``last`` is
    when it was last added or changed in more than wording, or empty if that was before the history begins.
    """

    added: str
    changes: list[tuple[str, FieldChange, bool]] = field(default_factory=list)
    last: str = ""


def chains(briefing: Briefing, history: History) -> dict[str, Chain]:
    """Return the history of each fact by its id, across renames. It is empty before the first publication.

    The changes of a day are one change, so a change that was reversed on the same day is left out.
    """
    found: dict[str, Chain] = {}
    first = _first_day(briefing)
    if not first:
        return found
    for revision in history.revisions:
        is_later = revision.day > first
        # The first revision of a shallow clone has every fact, whenever it was added.
        is_oldest = history.shallow and revision is history.revisions[0]
        for change in revision.changes:
            if change.kind != "fact":
                continue
            if change.what == "removed":
                found.pop(change.id, None)
            elif change.what == "added" and not is_later:
                found[change.id] = Chain(first)
            elif change.what == "added" and is_oldest:
                found[change.id] = Chain("")
            elif change.what == "added":
                found[change.id] = Chain(change.when, last=change.when)
            else:
                chain = found[change.id] = found.pop(change.was or change.id, Chain(""))
                if is_later:
                    _add_changes(briefing, chain, change)
    return found


def _add_changes(briefing: Briefing, chain: Chain, change: Change) -> None:
    if change.was:
        chain.changes.append((change.when, FieldChange("id", (change.was,), (change.id,)), False))
    for one in change.fields:
        is_substantial = _is_substantial(briefing, one)
        chain.changes.append((change.when, one, is_substantial))
        if is_substantial:
            chain.last = change.when


def past(briefing: Briefing, history: History, fact: Fact, chain: Chain | None) -> FactHistory | None:
    """Return what a fact's page says of its past; None where there is no history, or the fact is not in it yet."""
    if chain is None:
        return None
    days: dict[str, list[tuple[bool, FieldChange]]] = {}
    ended = ""
    for when, change, is_substantial in chain.changes:
        if change.field in _ENDS:
            ended = when
        elif is_substantial or change.field not in _FILING:
            days.setdefault(when[:10], []).append((is_substantial, change))
    # A fact may have been retired and taken up again.
    if briefing.is_current(fact):
        ended = ""
    start: Literal["first", "added", "oldest"] = "added"
    if not chain.added:
        start = "oldest"
    elif chain.added == _first_day(briefing):
        start = "first"
    return FactHistory(
        start=start,
        since=_format_day(chain.added or history.revisions[0].when, briefing.language),
        ended=ended and _format_day(ended, briefing.language),
        before=tuple(
            (
                _format_day(day, briefing.language),
                # What is more than wording comes first.
                tuple(
                    _describe_field(briefing, "fact", change, with_new=False)
                    for _, change in sorted(changes, key=lambda pair: not pair[0])
                ),
            )
            for day, changes in reversed(days.items())
        ),
    )


def recent(briefing: Briefing, history: History) -> str:
    """Return the day from which a change is recent: a month before the newest one, or the first publication if later.

    It is empty if nothing has changed since the first publication.
    """
    known = _known_revisions(briefing, history)
    if not known:
        return ""
    start = date.fromisoformat(known[-1].day) - RECENT
    earliest = history.revisions[0].day if _is_incomplete(briefing, history) else _first_day(briefing)
    return max(earliest, start.isoformat())


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
    place, _, words = value.partition(" ")
    source_id, _, part = place.partition(":")
    source = briefing.source_by_id.get(source_id)
    if source is None:
        return ", ".join(text for text in (source_id, part, words) if text)
    label = part_label(source, part, briefing.language)
    return ", ".join(text for text in (source.publisher, label, words) if text)


def _format_inner(briefing: Briefing, value: str, names: Pattern[str]) -> str:
    """Return the values, in words, of a record within a record, such as a role."""
    # The history has it as one text, such as "says: King; cite: account:2". That of an old revision may be any other.
    _, *pairs = names.split(value)
    texts: list[str] = []
    for name, part in zip(pairs[::2], pairs[1::2], strict=True):
        parts = part.split(", ") if name in ("cite", "rests_on") else [part]
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
