"""Commands that read: check, diff, due, show, where, coverage."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click

from briefing.cli.common import (
    choose,
    echo_report,
    folder_argument,
    folder_option,
    format_system_error,
    main,
    need_facts,
    read,
    refusing,
    stop,
    text_of,
    today_option,
)
from briefing.compile import Inputs, Outcome
from briefing.compile import check as check_inputs
from briefing.compile import compile as compile_inputs
from briefing.editing import references
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.review_dates import due as due_by
from briefing.problems import did_you_mean, has_errors
from briefing.project.check_cache import check_key, write_check_result
from briefing.project.git import GitFailed, facts_at
from briefing.project.layout import FACTS
from briefing.project.reader import UnreadableFile, read_inputs
from briefing.reporting.difference import difference
from briefing.reporting.difference_text import (
    format_difference,
    format_difference_as_json,
    format_difference_as_markdown,
)
from briefing.reporting.explanations import explanations, format_explanation
from briefing.reporting.problems import (
    format_count,
    format_problem,
    format_summary,
    github_annotation,
    limit_problems,
    problems_json,
)
from briefing.reporting.records import format_coverage, format_due, format_fit, format_record, format_use
from briefing.rules.evidence import fits
from briefing.views.coverage import coverage as source_coverage


def _explain(context: click.Context, _: click.Parameter, code: str | None) -> None:
    if code is None:
        return
    if code == "list":
        click.echo("\n".join(explanations()))
        context.exit()
    if code not in explanations():
        hint = f"{did_you_mean(code, explanations())} all codes: briefing check --explain list".lstrip()
        raise click.UsageError(f"there is no code '{code}'; {hint}")
    click.echo(format_explanation(explanations()[code]))
    context.exit()


@main.command()
@folder_argument
@click.option("--strict", is_flag=True, help="Let warnings fail the check too.")
@click.option("-v", "--verbose", is_flag=True, help="Print how well each fact fits the paragraph that it cites.")
@click.option("--text", "texts", multiple=True, metavar="SOURCE=FILE", help="Compare with a source's text at hand.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json"]),
    default=lambda: "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text",
    help="How problems are told (default: text, but github in GitHub Actions).",
)
@click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Say what a code means; 'list' names them all.",
)
@click.option("--watch", is_flag=True, help="Check again on each save, until Ctrl-C.")
@today_option
def check(
    folder: Path, strict: bool, verbose: bool, texts: tuple[str, ...], form: str, watch: bool, today: str
) -> None:
    """Check the facts of the briefing in DIR (default: here) and report every problem."""
    need_facts(folder)
    if watch:
        _check_each_save(folder, strict, verbose, texts, form, today)
        return
    # An answer with other options than these is not what the next plain check would say.
    cacheable = form == "text" and not (verbose or texts or today)
    # Before the files are read: if one is saved meanwhile, the answer is not that of the new state.
    key = check_key(folder, strict) if cacheable else ""
    output, passed = _checked(folder, strict, verbose, texts, form, today)
    code = 0 if passed else 1
    echo_report(output, nl=False)
    write_check_result(folder, key, output, code)
    sys.exit(code)


def _check_each_save(folder: Path, strict: bool, verbose: bool, texts: tuple[str, ...], form: str, today: str) -> None:
    # A check without --watch need not import watchdog.
    from briefing.project.watcher import saves

    for _ in saves(folder, lambda message: click.echo(message, err=True)):
        try:
            output, _ = _checked(folder, strict, verbose, texts, form, today)
            echo_report(output, nl=False)
        except BrokenPipeError:
            raise
        except OSError as error:
            # Perhaps a file is being saved at this moment, and then there is another change to see.
            click.echo(format_system_error(error), err=True)
        click.echo("waiting for a save; Ctrl-C ends", err=True)


def _checked(
    folder: Path, strict: bool, verbose: bool, texts: tuple[str, ...], form: str, today: str
) -> tuple[str, bool]:
    """Return the report of a check, and whether it is passed."""
    source_texts = dict(_read_text(text) for text in texts)
    try:
        inputs = read_inputs(folder, today)
        outcome = check_inputs(inputs, source_texts)
    except UnreadableFile as error:
        # Reported like any other problem, so that it reaches those who read JSON or annotations.
        inputs = Inputs({}, {})
        outcome = Outcome(Briefing(None), (error.problem,))
    passed = not refusing(outcome.problems, strict=strict)
    if form == "json":
        return f"{problems_json(outcome.briefing, outcome.problems)}\n", passed
    lines: list[str] = []
    if verbose:
        lines += [format_fit(fit) for fit in fits(outcome.briefing)]
    problems, others = limit_problems(outcome.problems)
    if form == "github":
        lines += [github_annotation(problem, _from_workspace(folder)) for problem in problems]
    else:
        lines += [f"{format_problem(problem, inputs.text(problem.place.file))}\n" for problem in problems]
    if others:
        lines.append(others)
    lines.append(format_summary(outcome.briefing, outcome.problems))
    return "".join(f"{line}\n" for line in lines), passed


def _from_workspace(folder: Path) -> str:
    """The way to the briefing from where annotations name files: empty, or with a slash at its end."""
    path = Path(os.path.relpath(folder, os.environ.get("GITHUB_WORKSPACE") or Path.cwd())).as_posix()
    if path == ".":
        return ""
    return f"{path}/"


def _read_text(given: str) -> tuple[str, str]:
    source, equals, file = given.partition("=")
    if not equals or not Path(file).is_file():
        raise click.UsageError(f"--text wants SOURCE=FILE, not '{given}'")
    return source, text_of(Path(file))


@main.command()
@folder_argument
def coverage(folder: Path) -> None:
    """Say which paragraphs of the pinned sources no fact cites; fail where nobody has said why."""
    inputs = read(folder)
    outcome = check_inputs(inputs)
    briefing = outcome.briefing
    # What is measured on broken facts means nothing. The uncited paragraphs are what is measured here.
    others = [problem for problem in refusing(outcome.problems) if problem.code != "uncited-paragraph"]
    if others:
        stop(others, inputs)
    covered = [
        source_coverage(briefing, briefing.source_by_id[pin.source])
        for pin in briefing.pins
        if pin.source in briefing.source_by_id
    ]
    for source in covered:
        click.echo(format_coverage(source))
    sys.exit(1 if any(source.open for source in covered) else 0)


_FORMATS = {
    "text": format_difference,
    "markdown": format_difference_as_markdown,
    "json": format_difference_as_json,
}


@main.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True)
@folder_option
def diff(base: str, head: str | None, form: str, folder: Path) -> None:
    """Say what changes from BASE to HEAD (default: the files as they are), for the records and for readers.

    BASE and HEAD are folders of briefings or revisions that git knows.
    """
    inputs = read(folder)
    if head is not None:
        inputs = replace(inputs, facts=_facts_of(head, folder))
    found = difference(_facts_of(base, folder), inputs)
    click.echo(_FORMATS[form](found))
    sys.exit(1 if has_errors(found.problems) else 0)


def _facts_of(given: str, folder: Path) -> Mapping[str, bytes]:
    if (Path(given) / FACTS).is_dir():
        return read(Path(given)).facts
    try:
        facts = facts_at(folder, given)
    except GitFailed as error:
        message = f"'{given}' is not a folder with '{FACTS}', and as a revision it cannot be read: {error}"
        raise click.ClickException(message) from None
    if facts is None:
        raise click.UsageError(f"'{given}' is neither a folder with '{FACTS}' nor a revision that git knows")
    return facts


@main.command()
@folder_argument
@click.option(
    "--within", metavar="DAYS", default="30d", show_default=True, help="Also what is due within so many days."
)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@today_option
def due(folder: Path, within: str, form: str, today: str) -> None:
    """Say what is to be looked at again: overdue first, by how many judgments and pages rest on it."""
    days = re.fullmatch(r"(\d{1,5})d?", within)
    if not days:
        raise click.UsageError(f"--within wants a number of days such as 30d, not '{within}'")
    inputs = read(folder, today)
    assert inputs.today
    start = date(*inputs.today.earliest)
    # Python's calendar ends with the year 9999.
    until = start + min(timedelta(days=int(days[1])), date.max - start)
    outcome = check_inputs(inputs)
    errors = refusing(outcome.problems)
    if errors:
        stop(errors, inputs)
    found = due_by(outcome.briefing, (until.year, until.month, until.day))
    click.echo(format_due(found, f"{until:%-d %B %Y}", markdown=form == "markdown"))


@main.command()
@click.argument("wanted", metavar="ID")
@folder_option
def show(wanted: str, folder: Path) -> None:
    """Show the record ID with its evidence, where it stands and which pages tell of it."""
    _, outcome, choice = _chosen(folder, wanted)
    click.echo(format_record(outcome.briefing, choice))
    for path in _pages(outcome, choice):
        click.echo(f"  {'page':<11} {path}")


@main.command()
@click.argument("wanted", metavar="ID")
@folder_option
def where(wanted: str, folder: Path) -> None:
    """Say each file and line, page and file to take along that names the record ID."""
    inputs, outcome, choice = _chosen(folder, wanted)
    for use in references.uses(inputs.facts, choice.record):
        click.echo(format_use(use))
    for path in _pages(outcome, choice):
        click.echo(f"page {path}")
    files = references.files_naming(outcome.files, choice.record.id)
    # Each fact has a file of its own, and a source may be named in hundreds of them.
    single = [path for path in files if path.startswith("f/")]
    for path in files:
        if path not in single:
            click.echo(f"file /{path}")
    if single:
        click.echo(f"file /f/*.json of {format_count(len(single), 'fact')}")


def _chosen(folder: Path, wanted: str) -> tuple[Inputs, Outcome, references.Choice]:
    """The record of an id, with all that tells of it."""
    inputs = read(folder)
    outcome = compile_inputs(inputs)
    return inputs, outcome, choose(outcome, inputs, wanted)


def _pages(outcome: Outcome, choice: references.Choice) -> list[str]:
    """The addresses of what tells of a record: its own, then every page that leads there."""
    if not outcome.pages:
        click.echo("pages are not known while the facts have problems: run briefing check", err=True)
        return []
    own = references.addresses(outcome.briefing, choice.record)
    return [f"/{routes.served(path)}" for path in (*map(routes.at, own), *references.pages_linking(outcome.pages, own))]
