"""Commands that build, stage or serve the site."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import click

from briefing.building import engines
from briefing.building.pdf import PdfUnavailable, need_pdf
from briefing.building.publish import one_at_a_time, put_in_place
from briefing.building.staged_tree import (
    FOLDER,
    Unstageable,
    Written,
    read_settings,
    read_tree,
    stage_files,
    write_tree,
)
from briefing.cli.common import folder_argument, folder_option, main, need_facts, print_problems, refusing, today_option
from briefing.compile import compile as compile_inputs
from briefing.editing.text_edits import SETTINGS
from briefing.project.clock import clock
from briefing.project.git import commit_at, commit_time
from briefing.project.layout import FACTS
from briefing.project.reader import read_site
from briefing.reporting.problems import format_history_fault, format_summary
from briefing.text.edtf import parse_edtf

_TIME = "SOURCE_DATE_EPOCH"
# The last second that a gzip file can name in its header (RFC 1952).
_LATEST = 2**32 - 1
# A folder with one of these is a site that was built before, and may be replaced.
_OF_A_SITE = ("index.html", "404.html", "sitemap.xml")


@main.command()
@folder_argument
@click.option(
    "--engine", type=click.Choice(engines.ENGINES), default=engines.DEFAULT, show_default=True, help="What builds it."
)
@click.option("--single-file", is_flag=True, help="Also make one HTML file of the whole briefing, with its search.")
@click.option("--pdf", is_flag=True, help="Also make one PDF of the whole briefing; needs Chromium and pikepdf.")
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Build from the facts as they were by the end of that day (UTC), with templates and pages of today.",
)
@today_option
def build(folder: Path, engine: str, single_file: bool, pdf: bool, as_of: datetime | None, today: str) -> None:
    """Build the site of the briefing in DIR (default: here), strictly: a warning refuses it too.

    The site is made aside and put in its place only when it is whole; a second build waits for the first. Facts of
    another time knew other rules: of them only what keeps a page from being made refuses the site.
    """
    began = monotonic()
    need_facts(folder)
    _log_to_stderr(engine)
    fault = engines.fault(engine)
    if fault:
        raise click.ClickException(fault)
    if (single_file or pdf) and engine not in engines.WITH_PLUGIN:
        raise click.UsageError(f"{engine} cannot bind a briefing: --single-file and --pdf need another engine")
    if pdf:
        try:
            need_pdf()
        except PdfUnavailable as error:
            raise click.ClickException(str(error)) from None
    # `_dated` sets the time to that of the commit, which the clock would follow.
    today = today or clock()
    past = _state_at(folder, as_of) if as_of else None
    commit = past[1] if past else "HEAD"
    with one_at_a_time(folder, _report_waiting), _dated(commit_time(folder, commit)):
        if engine in engines.WITH_PLUGIN:
            site, reused = _build_with_plugin(engine, folder, single_file, pdf, past, today)
        else:
            site, reused = _build_staged(engine, folder, past, today), 0
        suffixes = [file.suffix for file in site.rglob("*") if file.is_file()]
    pages = suffixes.count(".html")
    counts = [f"{pages} pages"]
    if reused:
        counts.append(f"{pages - reused} made and {reused} as they were")
    counts.append(f"{len(suffixes)} files")
    click.echo(f"{site}: {', '.join(counts)}, in {monotonic() - began:.1f} s")


def _state_at(folder: Path, as_of: datetime) -> tuple[str, str]:
    """Return a day and the commit with the facts as they were by its end; ends the command if there is none."""
    day = as_of.date().isoformat()
    commit = commit_at(folder, day)
    if commit is None:
        raise click.UsageError(f"git has no facts of {day} or before: no repository, or none that reaches back so far")
    return day, commit


@contextmanager
def _dated(time: int | None) -> Iterator[None]:
    """Let a build date what it dates by its commit, where nobody else has said a time."""
    if time is None or _TIME in os.environ:
        yield
        return
    os.environ[_TIME] = str(min(time, _LATEST))
    try:
        yield
    finally:
        del os.environ[_TIME]


def _report_waiting() -> None:
    click.echo("another build of this briefing is under way; waiting for its end", err=True)


def _build_with_plugin(
    engine: str, folder: Path, single_file: bool, pdf: bool, as_of: tuple[str, str] | None, today: str
) -> tuple[Path, int]:
    """Let an engine that runs our plugin build the site; return its folder and how many of its pages were reused."""
    load_config, faults = engines.programs(engine)
    # These import MkDocs, which ProperDocs has to replace before.
    from briefing.building.mkdocs_plugin import BriefingPlugin
    from briefing.building.site_builder import build_site

    try:
        config = load_config(str(folder / SETTINGS), strict=as_of is None)
    except RecursionError:
        message = f"{SETTINGS} nests values, or the files that it inherits from, without end"
        raise click.ClickException(message) from None
    except ValueError as error:
        # MkDocs lets some values, such as a broken address in site_url, raise this instead of an error of its own.
        raise click.ClickException(f"{SETTINGS} cannot be read: {error}") from None
    plugin = config.plugins.get("briefing")
    if not isinstance(plugin, BriefingPlugin):
        raise click.ClickException(f"{SETTINGS} names no plugin 'briefing': add it under 'plugins'")
    plugin.as_of = as_of
    plugin.today = today
    plugin.bind(html=single_file, pdf=pdf)
    site = _site_folder(folder, config.site_dir)
    with put_in_place(site) as new:
        config.site_dir = str(new)
        try:
            config.plugins.on_startup(command="build", dirty=False)
            built = build_site(config, site)
        except faults as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        finally:
            config.plugins.on_shutdown()
    # Only now: a cache of pages that were not put in place would let the next build take them from an older site.
    built.write_cache()
    return site, built.reused


def _site_folder(folder: Path, named: object) -> Path:
    """Where the site is put, in place of what is there: nothing that the briefing is made of."""
    # Resolved, since a link or `..` in the name may lead anywhere.
    site = (folder / str(named)).resolve()
    root = folder.resolve()
    own = [root / name for name in (FACTS, "templates", "docs", ".git", ".cache")]
    if site == root or site in root.parents or any(site == path or path in site.parents for path in own):
        raise click.ClickException(f"site_dir in {SETTINGS} is {site}: the site would take the place of the briefing")
    if site.is_dir() and any(site.glob("[!.]*")) and not any((site / name).exists() for name in _OF_A_SITE):
        raise click.ClickException(f"site_dir in {SETTINGS} is {site}, whose files are of no site: name another folder")
    return folder / str(named)


def _build_staged(engine: str, folder: Path, as_of: tuple[str, str] | None, today: str) -> Path:
    """Let an engine without plugins build the site from the staged tree; where it is."""
    to = folder / FOLDER
    settings = _write_staged(folder, to, as_of, today)[1]
    site = _site_folder(folder, settings.get("site_dir", "site"))
    with put_in_place(site) as new:
        try:
            click.echo(engines.build_tree(engine, to, new, strict=as_of is None), err=True)
        except engines.BuildFailed as error:
            click.echo(str(error), err=True)
            sys.exit(1)
    return site


@main.command()
@click.argument("to", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@folder_option
@today_option
def stage(to: Path | None, folder: Path, today: str) -> None:
    """Write the site before it is built into DIR (default: a folder in .cache): Markdown, files, theme and settings.

    For any engine that reads mkdocs.yml, without our plugin. Only what changed is written, and what is gone removed;
    files of others in DIR stay. A warning refuses it, as it does a build.
    """
    need_facts(folder)
    to = to or folder / FOLDER
    with one_at_a_time(folder, _report_waiting):
        done = _write_staged(folder, to, None, today)[0]
    click.echo(f"{to}: {done.written} written, {done.unchanged} unchanged, {done.removed} removed")


def _write_staged(
    folder: Path, to: Path, as_of: tuple[str, str] | None, today: str
) -> tuple[Written, Mapping[str, Any]]:
    """Stage the site, and the settings that it is made with; problems are told, and one that refuses it is the end."""
    try:
        settings = read_settings(folder)
        inputs = read_site(folder, settings.get("site_url") or "", today, as_of)
        outcome = compile_inputs(inputs, past=as_of is not None)
        if inputs.history.fault:
            click.echo(format_history_fault(inputs.history.fault), err=True)
        print_problems(outcome.problems, inputs)
        if refusing(outcome.problems, strict=as_of is None):
            click.echo(f"the facts have problems: {format_summary(outcome.briefing, outcome.problems)}", err=True)
            sys.exit(1)
        day = parse_edtf(as_of[0]).words if as_of else ""
        files = stage_files(outcome, inputs, settings, *read_tree(folder, inputs, settings), day)
        # The default folder is a cache within the briefing's own repository. Elsewhere the tree may well be committed.
        if to == folder / FOLDER:
            files = {**files, ".gitignore": b"*\n"}
        return write_tree(to, files), settings
    except Unstageable as error:
        raise click.ClickException(str(error)) from None


@main.command()
@folder_argument
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port on 127.0.0.1.")
def serve(folder: Path, port: int) -> None:
    """Serve the site of the briefing in DIR (default: here); a saved edit reloads the page."""
    from briefing.building.dev_server import serve_site

    need_facts(folder)
    _log_to_stderr()
    try:
        serve_site(folder, port)
    except OSError as error:
        # With a name it is about a file, not about the port.
        if error.filename:
            raise
        raise click.ClickException(f"cannot serve on port {port}: {error.strerror}") from None


def _log_to_stderr(engine: str = "mkdocs") -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger(engine)
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
