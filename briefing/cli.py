"""The command line: ``briefing check``, ``coverage``, ``diff``, ``pin``, ``build`` and ``serve``.

Exit codes: 0 nothing is wrong, 1 there are problems, 2 the command was not understood.
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import click

import briefing
from briefing import evidence
from briefing.compile import Inputs
from briefing.compile import check as check_inputs
from briefing.diff import difference
from briefing.folder import FACTS, UnreadableFile, clock, pin_path, read_inputs
from briefing.freshness import due as due_by
from briefing.git import commit_at, commit_time, facts_at
from briefing.pdf import PdfUnavailable, need_pdf
from briefing.problems import Problem, Severity, has_errors
from briefing.report import (
    said_coverage,
    said_difference,
    said_difference_as_json,
    said_difference_as_markdown,
    said_due,
    said_fit,
    said_problem,
    said_summary,
)
from briefing.rules.evidence import fits
from briefing.views.coverage import coverage as source_coverage
from briefing.words import words

_today = click.option(
    "--today",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _context, _option, value: value.date().isoformat() if value else "",
    help="Read the facts as of this day instead of today.",
)
_folder = click.argument(
    "folder", metavar="[DIR]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(briefing.__version__, prog_name="briefing")
def main() -> None:
    """Facts in YAML become a briefing site in which every sentence can be checked."""


@main.command()
@_folder
@click.option("--strict", is_flag=True, help="Let warnings fail the check too.")
@click.option("-v", "--verbose", is_flag=True, help="Print how well each fact fits the paragraph that it cites.")
@click.option("--text", "texts", multiple=True, metavar="SOURCE=FILE", help="Compare with a source's text at hand.")
@_today
def check(folder: Path, strict: bool, verbose: bool, texts: tuple[str, ...], today: str) -> None:
    """Check the facts of the briefing in DIR (default: here) and report every problem."""
    _need_facts(folder)
    outcome = check_inputs(_read(folder, today), dict(_read_text(text) for text in texts))
    if verbose:
        for fit in fits(outcome.briefing):
            click.echo(said_fit(fit))
    for problem in outcome.problems:
        click.echo(said_problem(problem))
    click.echo(said_summary(outcome.briefing, outcome.problems))
    failing = [problem for problem in outcome.problems if strict or problem.severity is Severity.ERROR]
    sys.exit(1 if failing else 0)


def _read_text(given: str) -> tuple[str, str]:
    source, equals, file = given.partition("=")
    if not equals or not Path(file).is_file():
        raise click.UsageError(f"--text wants SOURCE=FILE, not '{given}'")
    return source, _text_of(Path(file))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.UsageError(f"{file} is not UTF-8") from None


def _read(folder: Path, today: str = "") -> Inputs:
    try:
        return read_inputs(folder, today)
    except UnreadableFile as error:
        _stop([error.problem])


def _stop(problems: list[Problem]) -> NoReturn:
    for problem in problems:
        click.echo(said_problem(problem), err=True)
    sys.exit(1)


@main.command()
@_folder
def coverage(folder: Path) -> None:
    """Say which paragraphs of the pinned sources no fact cites; fail where nobody has said why."""
    _need_facts(folder)
    outcome = check_inputs(_read(folder))
    briefing = outcome.briefing
    unasked = [p for p in outcome.problems if p.severity is Severity.ERROR and p.code != "uncited-paragraph"]
    if unasked:  # what is measured on broken facts means nothing
        _stop(unasked)
    covered = [
        source_coverage(briefing, briefing.source_by_id[pin.source])
        for pin in briefing.pins
        if pin.source in briefing.source_by_id
    ]
    for source in covered:
        click.echo(said_coverage(source))
    sys.exit(1 if any(source.open for source in covered) else 0)


_FORMATS = {
    "text": said_difference,
    "markdown": said_difference_as_markdown,
    "json": said_difference_as_json,
}


@main.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True)
@click.option("--dir", "folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
def diff(base: str, head: str | None, form: str, folder: Path) -> None:
    """Say what changes from BASE to HEAD (default: the files as they are), for the records and for readers.

    BASE and HEAD are folders of briefings or revisions that git knows.
    """
    _need_facts(folder)
    inputs = _read(folder)
    if head is not None:
        inputs = replace(inputs, facts=_facts_of(head, folder))
    found = difference(_facts_of(base, folder), inputs)
    click.echo(_FORMATS[form](found))
    sys.exit(1 if has_errors(found.problems) else 0)


def _facts_of(given: str, folder: Path) -> Mapping[str, bytes]:
    if (Path(given) / FACTS).is_dir():
        return _read(Path(given)).facts
    facts = facts_at(folder, given)
    if facts is None:
        raise click.UsageError(f"'{given}' is neither a folder with '{FACTS}' nor a revision that git knows")
    return facts


@main.command()
@_folder
@click.option(
    "--within", metavar="DAYS", default="30d", show_default=True, help="Also what is due within so many days."
)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@_today
def due(folder: Path, within: str, form: str, today: str) -> None:
    """Say what is to be looked at again: overdue first, by how many judgments and pages rest on it."""
    _need_facts(folder)
    if not (days := re.fullmatch(r"(\d{1,5})d?", within)):
        raise click.UsageError(f"--within wants a number of days such as 30d, not '{within}'")
    inputs = _read(folder, today)
    assert inputs.today
    until = date(*inputs.today.earliest) + timedelta(days=int(days[1]))
    outcome = check_inputs(inputs)
    if errors := [problem for problem in outcome.problems if problem.severity is Severity.ERROR]:
        _stop(errors)
    found = due_by(outcome.briefing, (until.year, until.month, until.day))
    click.echo(said_due(found, f"{until:%-d %B %Y}", markdown=form == "markdown"))


@main.command()
@click.argument("source")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only say whether the pin is that of FILE; write nothing.")
@click.option("--seen", multiple=True, metavar="FACT", help="This fact has been looked at after its source changed.")
@click.option("--dir", "folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
def pin(source: str, file: Path | None, only_check: bool, seen: tuple[str, ...], folder: Path) -> None:
    """Keep a fingerprint of SOURCE, whose text FILE has, a paragraph a line; no text is kept."""
    _need_facts(folder)
    if bool(seen) == bool(file) or (seen and only_check):
        raise click.UsageError("give either FILE, with or without --check, or --seen")
    outcome = check_inputs(_read(folder))
    briefing = outcome.briefing
    record = briefing.source_by_id.get(source)
    if record is None:
        raise click.UsageError(f"there is no source '{source}' in facts/sources.yml")
    path = pin_path(folder, source)
    pinned = briefing.pin_of.get(source)
    if path.exists() and pinned is None:  # pinning over it would forget what waits to be looked at
        _stop([problem for problem in outcome.problems if problem.place.file == f"facts/pins/{source}.yml"])
    if seen:
        if pinned is None or not set(seen) <= set(pinned.look_at):
            raise click.UsageError("no such fact waits to be looked at")
        path.write_text(evidence.seen(pinned, seen), encoding="utf-8")
        return
    assert file
    text = _text_of(file)
    empty = [number for number, part in enumerate(evidence.split_parts(text), 1) if not words(part)]
    if empty or not evidence.split_parts(text):
        where = f"line {empty[0]} has" if empty else "it has"
        raise click.UsageError(f"{file}: {where} no words; a source's text stands one paragraph a line")
    fresh = evidence.repin(briefing, record, text)
    same = path.exists() and path.read_text(encoding="utf-8") == fresh.text
    for number in fresh.changed:
        click.echo(f"{record.unit or 'part'} {number} has changed")
    for id in fresh.look_at:
        click.echo(f"look at {id}")
    if only_check:
        click.echo(f"{path}: {'up to date' if same else 'differs'}")
        sys.exit(0 if same else 1)
    path.parent.mkdir(exist_ok=True)
    path.write_text(fresh.text, encoding="utf-8")
    click.echo(f"{path}: {'unchanged' if same else 'written'}")


@main.command()
@_folder
@click.option("--single-file", is_flag=True, help="Also make one HTML file of the whole briefing, with its search.")
@click.option("--pdf", is_flag=True, help="Also make one PDF of the whole briefing; needs Chromium and briefing[pdf].")
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Build from the facts as they were by the end of that day (UTC), with templates and pages of today.",
)
@_today
def build(folder: Path, single_file: bool, pdf: bool, as_of: datetime | None, today: str) -> None:
    """Build the site of the briefing in DIR (default: here), strictly: a warning refuses it too.

    The site is made aside and put in its place only when it is whole. Facts of another time knew other rules: of them
    only what keeps a page from being made refuses the site.
    """
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    from briefing.plugin import BriefingPlugin

    _need_facts(folder)
    _log_to_stderr()
    if pdf:
        _need_pdf()
    day = as_of.date().isoformat() if as_of else ""
    today = today or clock()  # before the build is dated by its commit
    commit = commit_at(folder, day) if as_of else "HEAD"
    if commit is None:
        raise click.UsageError(f"git has no facts of {day} or before: no repository, or none that reaches back so far")
    if (time := commit_time(folder, commit)) is not None:  # what a build dates, it dates by the commit
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(time))
    config = load_config(str(folder / "mkdocs.yml"), strict=as_of is None)
    plugin = config.plugins["briefing"]
    assert isinstance(plugin, BriefingPlugin)
    plugin.as_of = (day, commit) if as_of else None
    plugin.today = today
    if single_file or pdf:
        plugin.bind(html=single_file, pdf=pdf)
    site = Path(config.site_dir)
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=site.parent, prefix=f".{site.name}-") as aside:
        config.site_dir = str(Path(aside) / "new")
        try:
            config.plugins.on_startup(command="build", dirty=False)
            build_site(config)
        except (Abort, MkDocsException) as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        finally:
            config.plugins.on_shutdown()
        if site.exists():
            site.rename(Path(aside) / "old")
        Path(config.site_dir).rename(site)
    pages = sum(1 for _ in site.rglob("*.html"))
    click.echo(f"{site}: {pages} pages")


@main.command()
@_folder
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port on 127.0.0.1.")
def serve(folder: Path, port: int) -> None:
    """Serve the site of the briefing in DIR (default: here); a saved edit reloads the page."""
    from mkdocs.commands.serve import serve as serve_site

    _need_facts(folder)
    _log_to_stderr()
    try:
        serve_site(str(folder / "mkdocs.yml"), dev_addr=f"127.0.0.1:{port}")
    except OSError as error:
        raise click.ClickException(f"cannot serve on port {port}: {error.strerror}") from None


def _need_pdf() -> None:
    try:
        need_pdf()
    except PdfUnavailable as error:
        raise click.ClickException(str(error)) from None


def _need_facts(folder: Path) -> None:
    if not (folder / FACTS).is_dir():
        raise click.UsageError(f"there is no folder '{FACTS}' in {folder.resolve()}")


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
