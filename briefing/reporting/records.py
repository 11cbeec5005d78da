"""Format records, their evidence and due reviews as text."""

from collections.abc import Iterator

from briefing.editing.references import Choice, Use
from briefing.evidence.cited_texts import cited_texts, evidence_of
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS
from briefing.model.records import Actor, Citation, Fact, Judgment, Question, Record, Term
from briefing.model.review_dates import Due
from briefing.reporting.problems import format_count
from briefing.rules.evidence import Fit
from briefing.text.characters import printable
from briefing.views.coverage import Coverage


def format_fit(fit: Fit) -> str:
    """Return a line with the score of the paragraph that a fact cites, and of the best other one.

    It starts with ``!`` if the other one scores clearly higher.
    """
    mark = "!" if fit.clear else " "
    line = f"{mark} {fit.fact.id}: {fit.source.id}:{fit.cited} scores {fit.fit:.1f}"
    if fit.other:
        line += f"; best other: {fit.other} scores {fit.other_fit:.1f}"
    return line


def format_coverage(coverage: Coverage) -> str:
    """Return ``report: 47 of 52 paragraphs cited, 5 declared unused, 0 open: 100 %``, and the uncited paragraphs."""
    unit = coverage.source.unit or "part"
    total = len(coverage.parts)
    done = 100
    if total:
        # Round down, so that 100 % means every paragraph.
        done = 100 * (coverage.cited + coverage.declared) // total
    lines = [
        f"{coverage.source.id}: {coverage.cited} of {total} {unit}s cited, {coverage.declared} declared unused,"
        f" {len(coverage.open)} open: {done} %"
    ]
    lines += [f"  {unit} {p.number}: {p.not_used or 'OPEN'}" for p in coverage.parts if not p.facts]
    return "\n".join(lines)


def format_support(briefing: Briefing) -> str:
    """Return how many current facts are supported by pinned text, by quotations only, and by citations only."""
    known = cited_texts(briefing)
    found = [evidence_of(known, fact) for fact in briefing.current_facts]
    pinned = sum("pinned" in one for one in found)
    quoted = sum(one == {"quoted"} for one in found)
    texts = (f"{pinned} by pinned text", f"{quoted} by quotations", f"{len(found) - pinned - quoted} by citations only")
    return f"{format_count(len(found), 'fact')}: {', '.join(texts)}"


def format_record(briefing: Briefing, choice: Choice) -> str:
    """Return a record as text: its kind and id, its file and line, its fields and its evidence."""
    record = choice.record
    place = record.at()
    lines = [f"{choice.name}  {place.file}:{place.line}"]
    for name, value in record:
        if name not in ("id", "cite", "rests_on", "sections") and value not in (None, (), ""):
            lines.append(f"  {name:<11} {_format_value(value)}")
    if isinstance(record, Fact | Term):
        lines += [f"  {'evidence':<11} {_format_citation(briefing, cited)}" for cited in record.cite]
    if isinstance(record, Actor):
        lines += [
            f"  {'evidence':<11} {_format_citation(briefing, cited)}: {role.says}"
            for role in record.roles
            for cited in role.cite
        ]
    if isinstance(record, Judgment | Question):
        facts = map(briefing.fact_by_id.get, record.rests_on)
        lines += [f"  {'based on':<11} {fact.id}: {fact.says}" for fact in facts if fact]
    return printable("\n".join(lines))


def _format_value(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(_format_value(part) for part in value)
    if isinstance(value, Record):
        return ", ".join(_format_fields(value))
    return str(value)


def _format_fields(record: Record) -> Iterator[str]:
    for name, part in record:
        # Citations are listed separately, as evidence.
        if name == "cite" or part in (None, (), ""):
            continue
        text = _format_value(part)
        # `says` needs no label.
        yield text if name == "says" else f"{name} {text}"


def _format_citation(briefing: Briefing, cited: Citation) -> str:
    source = briefing.source_by_id.get(cited.source)
    if source is None:
        return f"{cited}: unknown source"
    texts = [source.publisher, source.title]
    if source.unit and cited.part:
        texts.append(f"{UNIT_SIGNS[source.unit]}{cited.part}")
    if source.reliability:
        texts.append(f"reliability {source.reliability}")
    if source.id in briefing.pin_of:
        texts.append("pinned")
    text = f"{cited}  {', '.join(texts)}"
    if cited.quote:
        text += f": '{cited.quote}'"
    if cited.translation:
        text += f" ('{cited.translation}')"
    return text


def format_use(use: Use) -> str:
    """Return the place of a use, and the field and record it is in: ``file:line:col: about of fact bases``."""
    what = "the record itself" if use.field == "id" else f"{use.field} of {use.within}"
    return printable(f"{use.place.file}:{use.place.line}:{use.place.column}: {what}")


def format_due(found: tuple[Due, ...], until: str, *, markdown: bool = False) -> str:
    """Return what is due for review by a day, one line each; as Markdown, a table for an issue."""
    if not found:
        return f"No review is due by {until}."
    overdue = sum(item.overdue for item in found)
    head = f"{format_count(len(found), 'review')} due by {until}, {overdue} overdue"
    if not markdown:
        return printable("\n".join([*(_format_due(item) for item in found), head]))
    lines = [f"{head}.", "", "| | due by | id | text | judgments | pages |", "|---|---|---|---|---|---|"]
    lines += [_format_due_row(item) for item in found]
    return printable("\n".join(lines))


def _format_due(item: Due) -> str:
    state = "overdue" if item.overdue else "due"
    rests = f"{format_count(item.judgments, 'judgment')}, {format_count(item.pages, 'page')}"
    return f"{state:7} {item.by.text}  {item.id}  ({rests})  {item.says}"


# GitHub would read these as markup in a cell, or as a mention of a person or an issue.
_ESCAPED = {ord(char): f"\\{char}" for char in "\\`*_{}[]<>|#@"}


def _format_due_row(item: Due) -> str:
    state = "**overdue**" if item.overdue else "due"
    says = item.says.translate(_ESCAPED)
    return f"| {state} | {item.by.text} | `{item.id}` | {says} | {item.judgments} | {item.pages} |"
