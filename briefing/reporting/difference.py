"""Compare two states of a briefing: which records changed, and which sentences change for readers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from briefing.compile import Inputs, check, check_past
from briefing.evidence.change_classes import CLASSES, changed_logic, classify_change
from briefing.evidence.cited_texts import cited_texts, evidence_of
from briefing.evidence.names import Names
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import ChangeClass
from briefing.model.history import LOSSES_FIRST, Change, FieldChange, Recorded, compare, read_records
from briefing.model.parser import PUBLISHED
from briefing.model.records import BriefingHead, Fact, Record, Term, fields_that
from briefing.pages.templates import Page, renderer_of
from briefing.problems import Problem, Severity, Span, has_errors
from briefing.text.markdown_html import parse_markdown
from briefing.text.markdown_source import BLOCK_ELEMENTS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PROSE = fields_that(lambda meaning: meaning.headline)
# by kind of record, the fields that justify a change
_EVIDENCE = {"fact": ("cite", "because"), "judgment": ("rests_on", "basis")}
# in place of the text of a fact that was withdrawn for legal reasons
_WITHHELD = "(withheld)"
_ALIKE = 0.5  # sentences at least this similar count as one sentence that changed


@dataclass(frozen=True, slots=True)
class ClassedChange:
    """A change, with the fields that differ (all fields of an added record) and the classes of each."""

    change: Change
    fields: tuple[tuple[FieldChange, tuple[ChangeClass, ...]], ...]

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """Return the classes of the change; empty if the record is only added or renamed."""
        found = {one for _, classes in self.fields for one in classes}
        if self.change.what in ("removed", "retired"):
            found.add("retirement")
        return tuple(one for one in CLASSES if one in found)


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page and its changed sentences, before and after. One of the two is empty if a sentence is added or removed."""

    path: str
    title: str
    sentences: tuple[tuple[str, str], ...]

    @property
    def is_fact(self) -> bool:
        """Return whether it is the page of one fact."""
        return routes.is_fact(self.path)


@dataclass(frozen=True, slots=True)
class Difference:
    """The differences between two states. ``pages`` is None if one of the states cannot be rendered."""

    changes: tuple[ClassedChange, ...]
    pages: tuple[PageChange, ...] | None
    problems: tuple[Problem, ...]


def difference(base: Mapping[str, bytes], head: Inputs) -> Difference:
    """Return the difference between the facts in ``base`` and in ``head``. Both use the templates of ``head``."""
    now = check(head)
    before = check_past(replace(head, facts=base))
    redaction = _Redaction(before.briefing, now.briefing)
    changes = tuple(map(redaction.change, classed_changes(before.briefing, now.briefing)))
    problems = {
        *now.problems,
        *unexplained(now.briefing, changes),
        *unconfirmed_additions(now.briefing, changes),
        *unlisted(before.briefing, now.briefing),
    }
    after = check_past(head)  # facts with errors in their content can still be rendered and compared
    if has_errors(after.problems) or has_errors(before.problems):
        return Difference(changes, None, tuple(sorted(problems)))
    pairs, faults = renderer_of(head.templates, now.briefing.language).changed(before.briefing, after.briefing)
    if faults:
        return Difference(changes, None, tuple(sorted({*problems, *faults})))
    compared = [redaction.page(_page_change(*pair)) for pair in pairs]
    pages = tuple(page for page in compared if page.sentences)
    return Difference(changes, pages, tuple(sorted(problems)))


class _Redaction:
    """Hides the texts of the facts that were withdrawn for legal reasons."""

    def __init__(self, before: Briefing, now: Briefing) -> None:
        self._ids = {one.id for one in now.head.withheld} if now.head else set()
        texts = (before.fact_by_id[fact_id].says for fact_id in self._ids if fact_id in before.fact_by_id)
        self._texts = [" ".join(text.split()) for text in texts]

    def change(self, classed: ClassedChange) -> ClassedChange:
        """Return the change, without the text of a withheld fact."""
        if classed.change.kind != "fact" or classed.change.id not in self._ids:
            return classed
        return replace(classed, change=replace(classed.change, says=_WITHHELD, fields=()), fields=())

    def page(self, page: PageChange) -> PageChange:
        """Return the changes of a page, without the texts of withheld facts."""
        return replace(page, sentences=tuple((self._text(old), new) for old, new in page.sentences))

    def _text(self, sentence: str) -> str:
        return _WITHHELD if any(text in sentence for text in self._texts) else sentence


def classed_changes(before: Briefing, now: Briefing) -> tuple[ClassedChange, ...]:
    """Return the changes between the records of two briefings, as written in their files, the most serious first."""
    olds: list[Recorded] = []
    news: list[Recorded] = []
    for file in dict.fromkeys((*now.files, *before.files)):
        sides = [read_records(file, side.files[file]) if file in side.files else () for side in (before, now)]
        if None not in sides:  # a file that cannot be read cannot be compared
            olds += sides[0] or ()
            news += sides[1] or ()
    names = Names([one for one in {**before.entity_by_id, **now.entity_by_id}.values() if not isinstance(one, Term)])
    language = now.language.tag
    record_of = {(one.kind, one.id): one for one in news}
    changes = []
    for change in compare(olds, news):
        if change.what == "added":
            fields = _added_fields(record_of[change.kind, change.id])
        else:
            fields = tuple((one, classify_change(names, one, language)) for one in change.fields)
        changes.append(ClassedChange(change, fields))
    return tuple(sorted(changes, key=_weight))


def _added_fields(record: Recorded) -> tuple[tuple[FieldChange, tuple[ChangeClass, ...]], ...]:
    """Return the fields of an added record other than its text, without classes, because nothing was changed."""
    return tuple((FieldChange(name, (), values), ()) for name, values in record.fields.items() if name != record.prose)


def _weight(classed: ClassedChange) -> tuple[int, int]:
    heaviest = CLASSES.index(classed.classes[0]) if classed.classes else len(CLASSES)
    return LOSSES_FIRST.index(classed.change.what), heaviest


def unexplained(briefing: Briefing, changes: tuple[ClassedChange, ...]) -> Iterator[Problem]:
    """Find changes without a stated reason.

    ``unexplained-change``: A fact or judgment changed in a way listed under ``evidence_for`` in facts/briefing.yml,
    but neither its evidence nor its reason changed; or a new fact supersedes another that differs in such a way, but
    cites nothing else and gives no reason. ``briefing diff`` and the workflow for changes report this.

    Someone who reviews the change cannot tell what it is based on.
    """
    needing = _needing_evidence(briefing)
    for fact in _new_facts(briefing, changes):
        yield from _unexplained_succession(briefing, fact, needing)
    for classed in changes:
        change = classed.change
        evidence = _EVIDENCE.get(change.kind)
        if not evidence or change.what not in ("changed", "renamed"):
            continue
        if any(one.field in evidence and one.after for one in change.fields):
            continue
        record = _record(briefing, change)
        fields = [one for one, classes in classed.fields if set(classes) & set(needing)]
        if fields and record:
            found = " and ".join(name for name in classed.classes if name in needing)
            changed = "; ".join(_format_field_change(one) for one in fields)
            message = f"the {found} of '{change.id}' changed without new evidence or a reason ({changed})"
            hint = f"update '{evidence[0]}' too, or give the reason in '{evidence[1]}'"
            yield Problem(record.at(fields[0].field), "unexplained-change", message, hint, subject=change.id)


def _unexplained_succession(briefing: Briefing, fact: Fact, needing: tuple[ChangeClass, ...]) -> Iterator[Problem]:
    names = Names((*briefing.actors, *briefing.places))
    for old in filter(None, map(briefing.fact_by_id.get, fact.supersedes)):
        if fact.because or set(fact.cite) - set(old.cite):
            continue
        classes = set[ChangeClass]()
        for change in _differences(old, fact):
            classes.update(classify_change(names, change, briefing.language.tag))
        if found := [one for one in CLASSES if one in classes and one in needing]:
            message = f"the {' and '.join(found)} differs from '{old.id}' without new evidence or a reason"
            hint = "cite what is new, or give the reason in 'because'"
            yield Problem(fact.at("supersedes"), "unexplained-change", message, hint, subject=fact.id)


def _differences(old: Fact, new: Fact) -> Iterator[FieldChange]:
    """Yield the differences between the claims of two facts."""
    for name in ("says", "when", "by", "kind"):
        before, after = (str(getattr(fact, name) or "") for fact in (old, new))
        if before != after:
            yield FieldChange(name, (before,), (after,))


def _new_facts(briefing: Briefing, changes: tuple[ClassedChange, ...]) -> Iterator[Fact]:
    """Yield the facts that were added and are not retired."""
    for classed in changes:
        change = classed.change
        if change.what == "added" and change.kind == "fact":
            fact = briefing.fact_by_id.get(change.id)
            if fact and not fact.retired:
                yield fact


def unconfirmed_additions(briefing: Briefing, changes: tuple[ClassedChange, ...]) -> Iterator[Problem]:
    """Find new facts whose logic nothing confirms.

    ``unconfirmed-addition`` (warning): A new fact has a negation, a word such as "all" or "may", a speaker, or another
    kind than ``report``; ``evidence_for`` in facts/briefing.yml lists this class; and the fact has no quotation, no
    pinned source and no reason. ``briefing diff`` and the workflow for changes report this.

    One such word changes the meaning of a sentence, and neither the check nor a reviewer can compare it with the
    source.
    """
    needing = _needing_evidence(briefing)
    known = cited_texts(briefing)
    for fact in _new_facts(briefing, changes):
        if fact.because or evidence_of(known, fact):
            continue
        classes = _classes_of_new(fact, briefing.language.tag)
        if found := [one for one in CLASSES if one in classes and one in needing]:
            message = f"nothing confirms the {' and '.join(found)} of the new fact"
            hint = "quote the source, pin it, or give the reason in 'because'"
            yield Problem(fact.at("cite"), "unconfirmed-addition", message, hint, Severity.WARNING, subject=fact.id)


def _classes_of_new(fact: Fact, language: str) -> set[ChangeClass]:
    """Return the classes of meaning that a new fact has: those of its words, its speaker and its kind."""
    # A fact that names its own source in the sentence attributes nothing to someone else.
    found = changed_logic("", fact.says, language) - {"attribution"}
    if fact.by:
        found.add("attribution")
    if fact.kind != "report":
        found.add("kind")
    return found


def _needing_evidence(briefing: Briefing) -> tuple[ChangeClass, ...]:
    """Return the classes of change that need evidence."""
    if briefing.head:
        return briefing.head.evidence_for
    default: tuple[ChangeClass, ...] = BriefingHead.model_fields["evidence_for"].default
    return default


def unlisted(before: Briefing, now: Briefing) -> Iterator[Problem]:
    """Find records that were taken off the list of published records.

    ``unlisted-published``: A record was removed from the list of published ids (facts/published.yml). ``briefing diff``
    and the workflow for changes report this.

    If the record is then deleted, the check cannot report it, and old links break.
    """
    # A list that cannot be read is another problem.
    if before.published is None or (now.published is None and PUBLISHED in now.files):
        return
    listed = now.published.records if now.published else ()
    kept = {(record.kind, record.id) for record in listed}
    place = now.published.at() if now.published else Span(PUBLISHED)
    for record in before.published.records:
        if (record.kind, record.id) not in kept:
            message = f"the {record.kind.replace('-', ' ')} '{record.id}' is no longer on the list of published records"
            yield Problem(place, "unlisted-published", message, "restore its line", subject=record.id)


def _format_field_change(change: FieldChange) -> str:
    if change.field in _PROSE:
        return change.field
    before, after = (", ".join(side) or "nothing" for side in (change.before, change.after))
    return f"{change.field} from {before} to {after}"


def _record(briefing: Briefing, change: Change) -> Record | None:
    if change.kind == "fact":
        return briefing.fact_by_id.get(change.id)
    if briefing.head is None:
        return None
    return next((judgment for judgment in briefing.head.judgments if judgment.id == change.id), None)


def _page_change(path: str, title: str, before: Page | None, after: Page | None) -> PageChange:
    olds, news = (page_sentences(page) if page else [] for page in (before, after))
    if routes.is_fact(path) and not (before and after):  # for a new or removed fact, only the claim counts
        olds, news = olds[:1], news[:1]
    lost, gained = Counter(_without_counts(old) for old in olds), Counter(_without_counts(new) for new in news)
    removed = [old for old in dict.fromkeys(olds) if lost[_without_counts(old)] and not gained[_without_counts(old)]]
    added = [new for new in dict.fromkeys(news) if gained[_without_counts(new)] and not lost[_without_counts(new)]]
    pairs: list[tuple[str, str]] = []
    for old in removed:
        new = max(added, key=lambda new: _likeness(old, new), default="")
        if new and _likeness(old, new) >= _ALIKE:
            added.remove(new)
            pairs.append((old, new))
        else:
            pairs.append((old, ""))
    return PageChange(path, title, (*pairs, *(("", new) for new in added)))


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _without_counts(text: str) -> str:
    return re.sub(r"\b\d+ ((?:dated )?(?:fact|part|source|statement))s?\b", r"\1s", text)


# Templates mark everything that is not a sentence with it: markers, dates next to a sentence, drawings.
_ASIDE = "data-aside"


def page_sentences(page: Page) -> list[str]:
    """Return the sentences and table rows of a page, without those that only repeat other pages."""
    parts = []
    for element in parse_markdown(page.body):
        if routes.is_fact(page.path) and element.tag == "h2":
            break  # the sections after the claim repeat other facts' pages
        parts.append(_lines(element))
    lines = (re.sub(r" (?=[.,;:)])", "", " ".join(line.split())) for line in "".join(parts).splitlines())
    return [line for line in lines if any(char.isalnum() for char in line)]


def _lines(element: "HtmlElement") -> str:
    """Return the text of an element, with line breaks around blocks. Line breaks within blocks come from templates."""
    if not isinstance(element.tag, str) or element.tag in ("svg", "form") or _ASIDE in element.attrib:
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [_lines(child), child.tail or ""]
    text = "".join(parts)
    if element.tag == "tr":
        text = " ".join(text.split())
    if element.tag in BLOCK_ELEMENTS:
        return f"\n{text}\n"
    if element.tag in ("br", "span"):  # styles separate these from the text around them
        return f" {text} "
    return text
