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
from briefing.editing.text_edits import apply_fixes
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.review_dates import due as due_by
from briefing.problems import RENAMED_CODES, Problem, Span, did_you_mean, has_errors
from briefing.project.check_cache import check_key, write_check_result
from briefing.project.git import GitFailed, facts_at
from briefing.project.layout import FACTS
from briefing.project.reader import UnreadableFile, read_inputs
from briefing.project.writer import write_edit
from briefing.reporting.difference import difference
from briefing.reporting.difference_text import (
    format_difference,
    format_difference_as_json,
    format_difference_as_markdown,
)
from briefing.reporting.explanations import explain, explanations
from briefing.reporting.problems import (
    format_count,
    format_problem,
    format_problem_line,
    format_problems,
    format_summary,
    format_unread,
    github_annotation,
    limit_problems,
    problems_json,
)
from briefing.reporting.records import (
    format_coverage,
    format_due,
    format_fit,
    format_record,
    format_support,
    format_use,
)
from briefing.rules.evidence import fits
from briefing.views.coverage import coverage as source_coverage


def _explain(context: click.Context, _: click.Parameter, code: str | None) -> None:
    if code is None:
        return
    if code == "list":
        click.echo("\n".join(explanations()))
        context.exit()
    if code not in explanations() and code not in RENAMED_CODES:
        hint = f"{did_you_mean(code, explanations())} all codes: briefing check --explain list".lstrip()
        raise click.UsageError(f"no code '{code}'; {hint}")
    click.echo(explain(code))
    context.exit()


@main.command()
@folder_argument
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("-v", "--verbose", is_flag=True, help="Print how well each fact matches the paragraph it cites.")
@click.option("--text", "texts", multiple=True, metavar="SOURCE=FILE", help="Compare the facts with a source's text.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json"]),
    default=lambda: "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text",
    help="Output format (default: text; github in GitHub Actions).",
)
@click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Explain a problem code; 'list' prints all codes.",
)
@click.option("--fix", is_flag=True, help="First apply the fixes that are safe.")
@click.option("--unsafe", is_flag=True, help="With --fix: ask about each of the other fixes.")
@click.option("--watch", is_flag=True, help="Check again after every save, until Ctrl-C.")
@today_option
def check(
    folder: Path,
    strict: bool,
    verbose: bool,
    texts: tuple[str, ...],
    form: str,
    fix: bool,
    unsafe: bool,
    watch: bool,
    today: str,
) -> None:
    """Check the facts of the briefing in DIR (default: the current folder) and report every problem.

    A fix is safe if it removes its problem, causes no other, and keeps everything that was written.
    """
    need_facts(folder)
    if unsafe and not fix:
        raise click.UsageError("--unsafe needs --fix")
    if fix and watch:
        raise click.UsageError("--fix and --watch cannot be combined")
    if fix:
        _fix(folder, texts, today, ask=unsafe)
    if watch:
        _check_each_save(folder, strict, verbose, texts, form, today)
        return
    # A result with other options differs from that of the next plain check.
    cacheable = form == "text" and not (verbose or texts or today)
    # Compute the key before reading the files: if one is saved in between, the result does not describe the new state.
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
            # A file may be in the middle of a save. Another change will follow.
            click.echo(format_system_error(error), err=True)
        click.echo("waiting for changes; press Ctrl-C to stop", err=True)


def _fix(folder: Path, texts: tuple[str, ...], today: str, *, ask: bool) -> None:
    """Apply the safe fixes, then if ``ask`` the others that the editor confirms, and print each one applied.

    Positions change with every fix, so the facts are checked again after each step.
    """
    source_texts = dict(_read_text(text) for text in texts)
    applied: set[tuple[str, ...]] = set()
    while True:
        # A safe fix removes its problem. If one did not, it would be applied again and again.
        safe = [one for one in _fixable(folder, source_texts, today) if one.is_safe and _identity(one) not in applied]
        if not safe:
            break
        applied |= {_identity(problem) for problem in _apply(folder, safe)}
    last: Span | None = None
    while ask:
        confirmed = _confirm(folder, _fixable(folder, source_texts, today), last)
        if not confirmed:
            break
        last = confirmed.place
        _apply(folder, [confirmed])


def _fixable(folder: Path, source_texts: Mapping[str, str], today: str) -> list[Problem]:
    """Return the problems with a fix, in the order of their positions."""
    try:
        problems = check_inputs(read_inputs(folder, today), source_texts).problems
    except UnreadableFile:
        return []
    return sorted(problem for problem in problems if problem.fix and (folder / problem.place.file).is_file())


def _apply(folder: Path, problems: list[Problem]) -> list[Problem]:
    files = {file: (folder / file).read_bytes() for file in {problem.place.file for problem in problems}}
    edit, applied = apply_fixes(files, problems)
    write_edit(folder, edit)
    for problem in applied:
        click.echo(f"fixed: {format_problem_line(problem)}", err=True)
    return applied


def _confirm(folder: Path, problems: list[Problem], last: Span | None) -> Problem | None:
    """Ask about each problem after the ``last`` position until the editor confirms a fix, and return its problem."""
    for problem in problems:
        if last and problem.place <= last:
            continue
        text = (folder / problem.place.file).read_bytes().decode("utf-8-sig", errors="replace")
        click.echo(format_problem(problem, text), err=True)
        try:
            if click.confirm("Apply this fix?", err=True):
                return problem
        except click.Abort:
            # There is no terminal, or the editor pressed Ctrl-C. Neither is a yes.
            click.echo(err=True)
            return None
    return None


def _identity(problem: Problem) -> tuple[str, ...]:
    """Return what a problem keeps when lines above it change."""
    return problem.place.file, problem.code, problem.message, problem.fix


def _checked(
    folder: Path, strict: bool, verbose: bool, texts: tuple[str, ...], form: str, today: str
) -> tuple[str, bool]:
    """Return the report of a check, and whether the check passed."""
    source_texts = dict(_read_text(text) for text in texts)
    try:
        inputs = read_inputs(folder, today)
        outcome = check_inputs(inputs, source_texts)
    except UnreadableFile as error:
        # Report it like any other problem, so that JSON and annotations include it.
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
        lines += [f"{text}\n" for text in format_problems(problems, inputs.text)]
    if others:
        lines.append(others)
    if unread := format_unread(outcome.briefing):
        lines.append(unread)
    lines.append(format_summary(outcome.briefing, outcome.problems))
    if safe := sum(problem.is_safe for problem in outcome.problems):
        fixed = f"{safe} of them" if safe < len(outcome.problems) else "it" if safe == 1 else "them all"
        lines.append(f"'briefing check --fix' fixes {fixed}")
    return "".join(f"{line}\n" for line in lines), passed


def _from_workspace(folder: Path) -> str:
    """Return the path from the workspace to the briefing, as annotations need it: empty, or with a trailing slash."""
    path = Path(os.path.relpath(folder, os.environ.get("GITHUB_WORKSPACE") or Path.cwd())).as_posix()
    if path == ".":
        return ""
    return f"{path}/"


def _read_text(given: str) -> tuple[str, str]:
    source, equals, file = given.partition("=")
    if not equals or not Path(file).is_file():
        raise click.UsageError(f"--text needs SOURCE=FILE with an existing file, not '{given}'")
    return source, text_of(Path(file))


@main.command()
@folder_argument
def coverage(folder: Path) -> None:
    """List the paragraphs of pinned sources that no fact cites, and count facts by their support.

    Fails if one of the paragraphs is not declared unused.
    """
    inputs = read(folder)
    outcome = check_inputs(inputs)
    briefing = outcome.briefing
    # Results from broken facts would be meaningless. Uncited paragraphs are what this command reports.
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
    click.echo(format_support(briefing))
    sys.exit(1 if any(source.open for source in covered) else 0)


_FORMATS = {
    "text": format_difference,
    "markdown": format_difference_as_markdown,
    "json": format_difference_as_json,
}


@main.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True, help="Output format."
)
@folder_option
def diff(base: str, head: str | None, form: str, folder: Path) -> None:
    """Compare BASE with HEAD (default: the files in the folder): the records, and the sentences that readers see.

    BASE and HEAD are folders of briefings, or git revisions.
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
        message = f"'{given}' is not a folder with '{FACTS}', and cannot be read as a revision: {error}"
        raise click.ClickException(message) from None
    if facts is None:
        raise click.UsageError(f"'{given}' is neither a folder with '{FACTS}' nor a Git revision")
    return facts


@main.command()
@folder_argument
@click.option(
    "--within", metavar="DAYS", default="30d", show_default=True, help="Also list what falls due within this many days."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@today_option
def due(folder: Path, within: str, form: str, today: str) -> None:
    """List what is due for review: overdue items first, ordered by how many judgments and pages depend on them."""
    days = re.fullmatch(r"(\d{1,5})d?", within)
    if not days:
        raise click.UsageError(f"--within needs a number of days such as 30d, not '{within}'")
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
    """Show the record ID: its fields, its evidence, its file and line, and the pages that mention it."""
    _, outcome, choice = _chosen(folder, wanted)
    click.echo(format_record(outcome.briefing, choice))
    for path in _pages(outcome, choice):
        click.echo(f"  {'page':<11} {path}")


@main.command()
@click.argument("wanted", metavar="ID")
@folder_option
def where(wanted: str, folder: Path) -> None:
    """List every line, page and download that mentions the record ID."""
    inputs, outcome, choice = _chosen(folder, wanted)
    for use in references.uses(inputs.facts, choice.record):
        click.echo(format_use(use))
    for path in _pages(outcome, choice):
        click.echo(f"page {path}")
    files = references.files_naming(outcome.files, choice.record.id)
    # Each fact has its own file, and hundreds of them may mention one source.
    single = [path for path in files if path.startswith("f/")]
    for path in files:
        if path not in single:
            click.echo(f"file /{path}")
    if single:
        click.echo(f"file /f/*.json ({format_count(len(single), 'fact')})")


def _chosen(folder: Path, wanted: str) -> tuple[Inputs, Outcome, references.Choice]:
    """Return the record with this id, with the inputs and the pages to search for it."""
    inputs = read(folder)
    outcome = compile_inputs(inputs)
    return inputs, outcome, choose(outcome, inputs, wanted)


def _pages(outcome: Outcome, choice: references.Choice) -> list[str]:
    """Return the addresses of a record's own pages, then of every page that links to them."""
    if not outcome.pages:
        click.echo("no pages are listed, because the facts have problems; run briefing check", err=True)
        return []
    own = references.addresses(outcome.briefing, choice.record)
    return [f"/{routes.served(path)}" for path in (*map(routes.at, own), *references.pages_linking(outcome.pages, own))]
