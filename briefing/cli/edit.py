"""Commands that write facts, pins, schemas or a new briefing."""

import re
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from briefing.cli.common import (
    choose,
    echo_report,
    folder_argument,
    folder_option,
    main,
    read,
    refusing,
    stop,
    text_of,
    today_option,
)
from briefing.compile import Inputs, Outcome
from briefing.compile import check as check_inputs
from briefing.editing import publication
from briefing.editing import text_edits as editing
from briefing.editing.text_edits import Edit
from briefing.evidence import pins
from briefing.exports.editor_schemas import FILES, editor_schemas
from briefing.model.briefing import Briefing
from briefing.model.parser import PUBLISHED
from briefing.model.records import Fact, Pin, Topic
from briefing.model.validation import field_fault
from briefing.problems import Problem, Span, did_you_mean, has_errors
from briefing.project.editor_settings import write_schemas
from briefing.project.layout import pin_path
from briefing.project.reader import read_editable, with_edit
from briefing.project.scaffold import InvalidWheel, read_wheel, write_starter
from briefing.project.writer import write_edit, write_whole
from briefing.reporting.problems import format_count, format_problem
from briefing.rules.evidence import candidates, clearly_best
from briefing.text.characters import UNSEEN
from briefing.text.normalize import words


@main.command()
@folder_argument
@click.option(
    "--modelines", is_flag=True, help="Also add the schema to the first line of each facts file, for other editors."
)
def schema(folder: Path, modelines: bool) -> None:
    """Set up VS Code to complete and explain the fields and ids of the briefing in DIR (default: the current folder).

    Writes a JSON Schema for each kind of file, and VS Code's settings, to .vscode. Run it again after adding ids.
    """
    briefing = check_inputs(read(folder)).briefing
    patterns = {name: pattern for name, (pattern, *_) in FILES.items()}
    for file in write_schemas(folder, editor_schemas(briefing), patterns, modelines):
        click.echo(f"{file}: written")
    click.echo("the schemas are up to date")


@main.command()
@click.argument("source")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only report whether the pin matches FILE; write nothing.")
@click.option("--seen", multiple=True, metavar="FACT", help="Mark this fact as reviewed after its source changed.")
@folder_option
def pin(source: str, file: Path | None, only_check: bool, seen: tuple[str, ...], folder: Path) -> None:
    """Store a fingerprint of SOURCE. FILE has its text, one paragraph per line; the text itself is not stored."""
    if bool(seen) == bool(file) or (seen and only_check):
        raise click.UsageError("give either FILE (with or without --check) or --seen")
    inputs = read(folder)
    outcome = check_inputs(inputs)
    briefing = outcome.briefing
    record = briefing.source_by_id.get(source)
    if record is None:
        raise click.UsageError(f"no source '{source}' in facts/sources.yml")
    path = pin_path(folder, source)
    pinned = briefing.pin_of.get(source)
    # Overwriting an unreadable pin would lose the list of facts to review.
    if path.exists() and pinned is None:
        stop([problem for problem in outcome.problems if problem.place.file == f"facts/pins/{source}.yml"], inputs)
    if file is None:
        _note_seen(path, pinned, seen)
        return
    fresh = pins.repin(briefing, record, _source_text(file))
    same = path.exists() and path.read_text(encoding="utf-8") == fresh.text
    for number in fresh.changed:
        click.echo(f"{record.unit or 'part'} {number} has changed")
    for fact_id in fresh.look_at:
        click.echo(f"review {fact_id}")
    if only_check:
        click.echo(f"{path}: {'up to date' if same else 'differs'}")
        sys.exit(0 if same else 1)
    path.parent.mkdir(exist_ok=True)
    write_whole({path: fresh.text.encode()})
    click.echo(f"{path}: {'unchanged' if same else 'written'}")


def _note_seen(path: Path, pinned: Pin | None, seen: tuple[str, ...]) -> None:
    if pinned is None or not set(seen) <= set(pinned.look_at):
        raise click.UsageError("--seen accepts only facts listed under 'look_at' in the pin")
    write_whole({path: pins.seen(pinned, seen).encode()})


def _source_text(file: Path) -> str:
    """Return the text of a source. Raises UsageError if it is empty or a line has no words."""
    text = text_of(file)
    parts = pins.split_parts(text)
    # Paragraphs are numbered by line, so an empty line would shift the numbers of all later ones.
    empty = [number for number, part in enumerate(parts, 1) if not words(part)]
    if not parts or empty:
        where = f"line {empty[0]}" if empty else "the file"
        raise click.UsageError(f"{file}: {where} has no words; write one paragraph per line")
    return text


@main.command()
@click.argument("old")
@click.argument("new")
@folder_option
def rename(old: str, new: str, folder: Path) -> None:
    """Rename the record OLD to NEW in every file. Its old address redirects to the new one."""
    inputs = read(folder)
    # A reference in a file that cannot be read would be missed.
    outcome = _sound(inputs)
    try:
        edit = editing.rename(read_editable(folder), outcome.briefing, choose(outcome, inputs, old).record, new)
    except editing.EditFault as fault:
        raise click.UsageError(str(fault)) from None
    # Write nothing if the facts would then have errors.
    _sound(with_edit(folder, edit))
    write_edit(folder, edit)
    for path in edit.files:
        click.echo(path)
    count = format_count(len(edit.places), "place")
    click.echo(f"renamed {old} to {new} in {count}; its old address redirects to the new one")


@main.group()
def add() -> None:
    """Add a record."""


# Problems of a citation without a paragraph, or with a wrong one.
_UNFITTING = {"better-paragraph", "not-in-source", "unknown-paragraph"}
_MOST_CANDIDATES = 3


@add.command("fact")
@click.option(
    "--topic", help="The topic's file name, without .yml. The fact is added at the end of the topic's last section."
)
@click.option("--says", help="The claim, as one self-contained sentence.")
@click.option("--cite", multiple=True, metavar="SOURCE:PART", help="A citation for the claim; give the main one first.")
@click.option("--about", multiple=True, metavar="ID", help="An actor, place or term that the sentence names.")
@click.option("--when", help="When it happened: 1971, 198X, 2024-12, 2025-01-17, 2010/2016, 2015/.., 1971~.")
@click.option("--derived", help="How the date was worked out, if the source does not give it.")
@click.option("--by", metavar="ID", help="The speaker, if the source quotes or reports somebody else.")
@click.option("--kind", help="report (default), analysis, forecast, position, accusation or text.")
@click.option("--credibility", help="1 to 6, unless the source is under analysis.")
@click.option("--id", "given_id", help="The fact's id (default: made from the sentence).")
@folder_option
def add_fact(topic: str | None, folder: Path, given_id: str | None, **given: Any) -> None:
    """Add a fact to a topic's last section. Asks for anything that the options leave out.

    With --topic, --says and --cite it asks nothing. A fact with an error is not written. If a citation of a pinned
    source names no paragraph, or one that does not fit the sentence, the command lists the three that fit best. If none
    was named, it cites the first if that has a number or name of the sentence and fits clearly better than the others.
    """
    before = check_inputs(read(folder))
    briefing = before.briefing
    # click passes None for a missing option, and an empty tuple for a missing option that may be repeated.
    fields = {name: "" if value is None else value for name, value in given.items()}
    asking = not (fields["says"] and fields["cite"])
    target = _topic_named(briefing, topic, asking)
    if asking:
        fields = _ask_fields(briefing, fields)
    fact_id = given_id
    if not fact_id:
        taken = {record.id for record in briefing.records()} | editing.former_ids(briefing)
        fact_id = editing.suggest_id(str(fields["says"]), taken)
        if asking:
            fact_id = click.prompt("Its permanent id", default=fact_id)
    ordered = {name: fields[name] for name in Fact.model_fields if name in fields}
    draft = _draft(folder, before, target, {"id": fact_id, **ordered})
    draft = _with_fitting_paragraph(draft, lambda changed: _draft(folder, before, target, changed))
    lines = draft.lines
    for problem in draft.problems:
        echo_report(format_problem(problem, draft.written.text(problem.place.file)), err=True)
    if has_errors(draft.problems):
        text = draft.edit.files[lines.file].decode("utf-8-sig").splitlines()[lines.line - 1 : lines.end_line]
        click.echo(
            "\n".join([f"the fact was not written; it would start at {lines.file}:{lines.line}:", *text]), err=True
        )
        sys.exit(1)
    write_edit(folder, draft.edit)
    click.echo(f"{lines.file}:{lines.line}: added {fact_id}")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A new fact that has not been written: its fields, the edit, its lines, and the briefing and problems after it."""

    fields: dict[str, Any]
    edit: Edit
    lines: Span
    written: Inputs
    briefing: Briefing
    problems: list[Problem]


def _draft(folder: Path, before: Outcome, topic: Topic, fields: dict[str, Any]) -> _Draft:
    try:
        edit, lines = editing.add_fact(read_editable(folder), topic, fields)
    except editing.EditFault as fault:
        raise click.UsageError(str(fault)) from None
    written = with_edit(folder, edit)
    after = check_inputs(written)
    return _Draft(fields, edit, lines, written, after.briefing, _new_problems(before.problems, after.problems, lines))


def _with_fitting_paragraph(draft: _Draft, change: Callable[[dict[str, Any]], _Draft]) -> _Draft:
    """Return the draft with the paragraph that fits clearly best, if a citation names none.

    Prints the best paragraphs, also if the one that was given does not fit.
    """
    fact = draft.briefing.fact_by_id.get(draft.fields["id"])
    if fact is None or not any(problem.code in _UNFITTING for problem in draft.problems):
        return draft
    pinned = draft.briefing.pin_of
    without = (index for index, cited in enumerate(fact.cite) if cited.source in pinned and not cited.part)
    index = next(without, 0)
    source, given = fact.cite[index].source, fact.cite[index].part
    found = candidates(draft.briefing, fact, source)[:_MOST_CANDIDATES]
    if not found or given == str(found[0].number):
        return draft
    click.echo(f"these paragraphs of '{source}' fit the sentence best:", err=True)
    for one in found:
        shared = f"both have {', '.join(one.shared)}" if one.shared else "no number or name in common"
        click.echo(f"  {source}:{one.number}  fit {one.fit:.1f}, {shared}", err=True)
    best = clearly_best(found)
    if best and not given:
        cite = [*draft.fields["cite"]]
        cite[index] = f"{source}:{best.number}"
        click.echo(f"{cite[index]} fits clearly best, so it is cited", err=True)
        return change({**draft.fields, "cite": tuple(cite)})
    reason = "" if given else "none is clearly the right one, so none is cited; "
    click.echo(f"{reason}compare them, and give one with --cite", err=True)
    return draft


def _topic_named(briefing: Briefing, topic: str | None, asking: bool) -> Topic:
    topics = ", ".join(briefing.topic_by_id)
    if topic is None and asking:
        topic = click.prompt("Which topic does it belong to?", type=click.Choice([*briefing.topic_by_id]))
    if not topic:
        raise click.UsageError(f"--topic is missing; choose one of: {topics}")
    if topic not in briefing.topic_by_id:
        hint = did_you_mean(topic, briefing.topic_by_id) or f"the topics are: {topics}"
        raise click.UsageError(f"no topic '{topic}' in facts/topics; {hint}")
    return briefing.topic_by_id[topic]


def _new_problems(before: Iterable[Problem], after: Iterable[Problem], lines: Span) -> list[Problem]:
    """Return the problems on the lines of a new fact, then the new problems elsewhere."""
    # Compare them without line numbers, because the lines after the fact have moved down.
    known = {(problem.place.file, problem.code, problem.message) for problem in before}
    on_lines: list[Problem] = []
    elsewhere: list[Problem] = []
    for problem in after:
        if problem.place.file == lines.file and lines.line <= problem.place.line <= lines.end_line:
            on_lines.append(problem)
        elif (problem.place.file, problem.code, problem.message) not in known:
            elsewhere.append(problem)
    return [*on_lines, *elsewhere]


def _ask_fields(briefing: Briefing, given: dict[str, Any]) -> dict[str, Any]:
    """Ask for the fields that the options leave out, and again after an invalid answer. Return all fields."""
    entities = {entity.id for entity in briefing.entities}
    actors = {actor.id for actor in briefing.actors}

    def answer(name: str, question: str, known: Collection[str] = (), optional: bool = True) -> Any:
        if given[name]:
            return given[name]
        empty = given[name]

        def parsed(text: str) -> Any:
            value = _split(text) if isinstance(empty, tuple) else text.strip()
            if not value:
                if optional:
                    return empty
                raise click.UsageError("an answer is required")
            fault = field_fault(Fact, name, value) or _unknown_id(value, known)
            # click prints the message and asks again.
            if fault:
                raise click.UsageError(fault)
            return value

        # Without a default click does not accept an empty answer.
        default = "" if optional else None
        return click.prompt(question, value_proc=parsed, default=default, show_default=False, prompt_suffix=" ")

    fields = dict(given)
    fields["says"] = answer("says", "What does the source say, in a sentence of your own?", optional=False)
    fields["cite"] = answer("cite", "Where does it say so? (source:paragraph)", briefing.source_by_id, optional=False)
    fields["about"] = answer("about", "Which actors, places and terms does it name? (ids)", entities)
    fields["when"] = answer("when", "When did it happen? (1971, 2024-12, 2025-01-17; empty for no date)")
    fields["by"] = answer("by", "Who says so, if not the source itself? (an actor's id)", actors)
    fields["kind"] = answer("kind", "Which kind? (analysis, forecast, position, accusation, text; empty for a report)")
    # Only facts from sources that are not under analysis are graded.
    if briefing.head and fields["cite"][0].partition(":")[0] not in briefing.head.based_on:
        fields["credibility"] = answer("credibility", "How credible is it, from 1 (confirmed) to 6 (cannot be judged)?")
    return fields


def _split(text: str) -> tuple[str, ...]:
    """Return the ids in an answer, separated by commas, spaces or both."""
    return tuple(re.findall(r"[^\s,]+", text))


def _unknown_id(value: str | tuple[str, ...], known: Collection[str]) -> str:
    """Return a message about the first id that is not ``known``; empty if all are known or ``known`` is empty."""
    if not known:
        return ""
    ids = value if isinstance(value, tuple) else (value,)
    for written in ids:
        # In a citation, the part follows a colon.
        word, _, _ = written.partition(":")
        if word not in known:
            return f"no record '{word}' {did_you_mean(word, known)}".rstrip()
    return ""


@main.command("mark-published")
@folder_argument
@today_option
def mark_published(folder: Path, today: str) -> None:
    """Add every record of the briefing in DIR (default: the current folder) to the list of published ids.

    The list is facts/published.yml. The first run sets the day of the first publication, today or --today; the site
    lists only changes after that day. Run it again whenever you publish new records. Nothing is taken off the list.
    """
    inputs = read(folder, today)
    briefing = _sound(inputs).briefing
    assert inputs.today
    path = folder / PUBLISHED
    text = publication.mark_published(briefing, str(inputs.today)).encode()
    if inputs.facts.get(PUBLISHED) == text:
        click.echo(f"{path}: unchanged")
        return
    write_whole({path: text})
    click.echo(f"{path}: written, {publication.count_new(briefing)} added")


def _sound(inputs: Inputs) -> Outcome:
    outcome = check_inputs(inputs)
    errors = refusing(outcome.problems)
    if errors:
        click.echo("nothing was changed, because of these problems:", err=True)
        stop(errors, inputs)
    return outcome


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", help="The briefing's title (default: made from the folder's name).")
@click.option(
    "--wheel",
    "wheel_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Copy this Briefing wheel into DIR, for the workflow that publishes the site.",
)
def new(folder: Path, title: str | None, wheel_file: Path | None) -> None:
    """Create a new briefing in DIR: a small working example to replace with your own facts."""
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} already exists and is not empty")
    title = title or re.sub(r"[-_\s]+", " ", folder.resolve().name).capitalize()
    title = " ".join(title.split())
    if UNSEEN.search(title):
        raise click.UsageError("the title must not contain control or invisible characters")
    if not any(char.isalnum() for char in title):
        raise click.UsageError("the title must contain at least one letter or digit")
    try:
        wheel = read_wheel(wheel_file) if wheel_file else None
    except InvalidWheel as error:
        raise click.UsageError(str(error)) from None
    for path in write_starter(folder, title, wheel):
        click.echo(folder / path)
    click.echo(f"next: cd {folder} && briefing check && briefing serve")
    if not wheel:
        click.echo("add the Briefing wheel before you publish: see README.md")
