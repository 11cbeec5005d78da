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

_TIME = "SOURCE_DATE_EPOCH"
# The latest time that fits in the header of a gzip file (RFC 1952).
_LATEST = 2**32 - 1
# A folder that contains one of these is an earlier site, and may be replaced.
_OF_A_SITE = ("index.html", "404.html", "sitemap.xml")


@main.command()
@folder_argument
@click.option(
    "--engine",
    type=click.Choice(engines.ENGINES),
    default=engines.DEFAULT,
    show_default=True,
    help="The site generator.",
)
@click.option("--single-file", is_flag=True, help="Also write the whole briefing as one searchable HTML file.")
@click.option("--pdf", is_flag=True, help="Also write the whole briefing as a PDF. Needs Chromium and pikepdf.")
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Build from the facts as they stood at the end of this day (UTC), with the current templates and pages.",
)
@today_option
def build(folder: Path, engine: str, single_file: bool, pdf: bool, as_of: datetime | None, today: str) -> None:
    """Build the site of the briefing in DIR (default: the current folder).

    Warnings fail the build too. The site is built in a temporary folder and replaces the old one when it is complete.
    A second build waits for the first. With --as-of, only problems that stop a page from being built fail the build.
    """
    began = monotonic()
    need_facts(folder)
    _log_to_stderr(engine)
    fault = engines.fault(engine)
    if fault:
        raise click.ClickException(fault)
    if (single_file or pdf) and engine not in engines.WITH_PLUGIN:
        raise click.UsageError(f"{engine} does not support --single-file and --pdf; choose another engine")
    if pdf:
        try:
            need_pdf()
        except PdfUnavailable as error:
            raise click.ClickException(str(error)) from None
    # Read the clock first: inside `_dated` it returns the time of the commit.
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
        counts.append(f"{pages - reused} built and {reused} reused")
    counts.append(f"{len(suffixes)} files")
    click.echo(f"{site}: {', '.join(counts)}, in {monotonic() - began:.1f} s")


def _state_at(folder: Path, as_of: datetime) -> tuple[str, str]:
    """Return the day, and the last commit by the end of it. Raises UsageError if there is none."""
    day = as_of.date().isoformat()
    commit = commit_at(folder, day)
    if commit is None:
        raise click.UsageError(
            f"Git has no facts from {day} or earlier: there is no repository, or the history starts later"
        )
    return day, commit


@contextmanager
def _dated(time: int | None) -> Iterator[None]:
    """Set SOURCE_DATE_EPOCH to the time of the commit during a build, unless it is set already."""
    if time is None or _TIME in os.environ:
        yield
        return
    os.environ[_TIME] = str(min(time, _LATEST))
    try:
        yield
    finally:
        del os.environ[_TIME]


def _report_waiting() -> None:
    click.echo("waiting for another build of this briefing to finish", err=True)


def _build_with_plugin(
    engine: str, folder: Path, single_file: bool, pdf: bool, as_of: tuple[str, str] | None, today: str
) -> tuple[Path, int]:
    """Build the site with an engine that runs our plugin. Return its folder and the number of reused pages."""
    load_config, faults = engines.programs(engine)
    # These import MkDocs, so ProperDocs must have replaced it by now.
    from briefing.building.mkdocs_plugin import BriefingPlugin
    from briefing.building.site_builder import build_site

    try:
        config = load_config(str(folder / SETTINGS), strict=as_of is None)
    except RecursionError:
        message = f"{SETTINGS} is nested too deeply, or inherits from itself"
        raise click.ClickException(message) from None
    except ValueError as error:
        # For some values, such as an invalid URL in site_url, MkDocs raises this instead of its own error.
        raise click.ClickException(f"{SETTINGS} cannot be read: {error}") from None
    plugin = config.plugins.get("briefing")
    if not isinstance(plugin, BriefingPlugin):
        raise click.ClickException(f"{SETTINGS} does not enable the plugin 'briefing'; add it under 'plugins'")
    site = _site_folder(folder, config.site_dir)
    with put_in_place(site) as new:
        config.site_dir = str(new)
        try:
            plugin.set_options(as_of=as_of, today=today, html=single_file, pdf=pdf)
            config.plugins.on_startup(command="build", dirty=False)
            built = build_site(config, site)
        except faults as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        finally:
            config.plugins.on_shutdown()
    # Only now: if the new site had not replaced the old one, the next build would reuse pages of an older site.
    built.write_cache()
    return site, built.reused


def _site_folder(folder: Path, named: object) -> Path:
    """Return the folder that the site replaces. Raises ClickException if that would overwrite anything but a site."""
    # Resolve it, because a link or `..` in the name may lead anywhere.
    site = (folder / str(named)).resolve()
    root = folder.resolve()
    own = [root / name for name in (FACTS, "templates", "docs", ".git", ".cache")]
    if site == root or site in root.parents or any(site == path or path in site.parents for path in own):
        raise click.ClickException(
            f"site_dir in {SETTINGS} is {site}: the site would overwrite the briefing's own files"
        )
    if site.is_dir() and any(site.glob("[!.]*")) and not any((site / name).exists() for name in _OF_A_SITE):
        message = f"site_dir in {SETTINGS} is {site}, which contains files but no built site; choose another folder"
        raise click.ClickException(message)
    return folder / str(named)


def _build_staged(engine: str, folder: Path, as_of: tuple[str, str] | None, today: str) -> Path:
    """Build the site from the staged tree, with an engine that has no plugins. Return its folder."""
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
    """Write the source of the site (Markdown, files, theme, settings) to DIR (default: a folder in .cache).

    Any engine that reads mkdocs.yml can build it without our plugin. Only changed files are written, and files that no
    longer exist are removed. Other files in DIR stay. Warnings fail the command, as they fail a build.
    """
    need_facts(folder)
    to = to or folder / FOLDER
    with one_at_a_time(folder, _report_waiting):
        done = _write_staged(folder, to, None, today)[0]
    click.echo(f"{to}: {done.written} written, {done.unchanged} unchanged, {done.removed} removed")


def _write_staged(
    folder: Path, to: Path, as_of: tuple[str, str] | None, today: str
) -> tuple[Written, Mapping[str, Any]]:
    """Stage the site. Return the counts of files and the settings it was staged with.

    Prints the problems, and exits if one of them fails the build.
    """
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
        day = as_of[0] if as_of else ""
        files = stage_files(outcome, inputs, settings, *read_tree(folder, inputs, settings), day)
        # The default folder is a cache in the briefing's own repository. A tree elsewhere may well be committed.
        if to == folder / FOLDER:
            files = {**files, ".gitignore": b"*\n"}
        return write_tree(to, files), settings
    except Unstageable as error:
        raise click.ClickException(str(error)) from None


@main.command()
@folder_argument
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
def serve(folder: Path, port: int) -> None:
    """Serve the site of the briefing in DIR (default: the current folder). Saving a file reloads the page."""
    from briefing.building.dev_server import serve_site

    need_facts(folder)
    _log_to_stderr()
    try:
        serve_site(folder, port)
    except OSError as error:
        # An error with a file name is not about the port.
        if error.filename:
            raise
        raise click.ClickException(f"cannot serve on port {port}: {error.strerror}") from None


def _log_to_stderr(engine: str = "mkdocs") -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger(engine)
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
