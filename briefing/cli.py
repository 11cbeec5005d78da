"""The command line: a function a command.

Exit codes: 0 nothing is wrong, 1 there are problems or the work could not be done, 2 the command was not understood,
130 it was interrupted.
"""

import errno
import gc
import json
import logging
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import click

import briefing
from briefing import again, engines, evidence, lookup, paths
from briefing import edit as editing
from briefing.again import clock
from briefing.codes import explained, explanations
from briefing.compile import Inputs, Outcome
from briefing.compile import check as check_inputs
from briefing.compile import compile as compile_inputs
from briefing.dates import parse_edtf
from briefing.diff import difference
from briefing.exports.editor import FILES, editor_schemas
from briefing.folder import (
    FACTS,
    UnreadableFile,
    one_at_a_time,
    pin_path,
    put_in_place,
    read_cache,
    read_editable,
    read_inputs,
    saves,
    with_edit,
    write_cache,
    write_edit,
    write_schemas,
    write_starter,
    write_whole,
)
from briefing.freshness import AGE_CODES
from briefing.freshness import due as due_by
from briefing.git import commit_at, commit_time, facts_at, read_site
from briefing.model import Briefing, Fact
from briefing.parse import field_fault
from briefing.pdf import PdfUnavailable, need_pdf
from briefing.problems import Problem, Severity, did_you_mean, has_errors
from briefing.report import (
    counted,
    github_annotation,
    problems_json,
    said_coverage,
    said_difference,
    said_difference_as_json,
    said_difference_as_markdown,
    said_due,
    said_fit,
    said_record,
    said_summary,
    said_use,
    shown_problem,
    told,
)
from briefing.rules.evidence import fits
from briefing.stage import FOLDER, Unstageable, Written, read_settings, read_tree, staged, write_tree
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


class _Commands(click.Group):
    """What the world outside does to a command is told in one line."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo(err=True)  # the line on which the terminal shows ^C
            raise click.exceptions.Exit(130) from None
        except BrokenPipeError:  # whoever read what we say has enough; click ends in silence
            raise
        except OSError as error:
            raise click.ClickException(_said_fault(error)) from None


def _said_fault(error: OSError) -> str:
    where = error.filename2 or error.filename  # the second is where something was to go
    said = ": ".join(str(part) for part in (where, error.strerror or error) if part)
    return "; ".join(part for part in (said, _MENDS.get(error.errno or 0)) if part)


_NO_ROOM = "make room there, or let the system allow more, and run it again"
_NO_RIGHT = "change who may read and write there, or run it where you may"
_MENDS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _NO_ROOM),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _NO_RIGHT),
}


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(briefing.__version__, prog_name="briefing")
def main() -> None:
    """Facts in YAML become a briefing site in which every sentence can be checked."""
    gc.set_threshold(100_000, 50, 100)  # records are many and stay; to look for garbage among them costs half the time


def _explain(context: click.Context, _: click.Parameter, code: str | None) -> None:
    if code is None:
        return
    if code == "list":
        click.echo("\n".join(explanations()))
        context.exit()
    if code not in explanations():
        near = did_you_mean(code, explanations())
        help = " ".join(part for part in (near, "all codes: briefing check --explain list") if part)
        raise click.UsageError(f"there is no code '{code}'; {help}")
    click.echo(explained(explanations()[code]))
    context.exit()


@main.command()
@_folder
@click.option("--strict", is_flag=True, help="Let warnings fail the check too.")
@click.option("-v", "--verbose", is_flag=True, help="Print how well each fact fits the paragraph that it cites.")
@click.option("--text", "texts", multiple=True, metavar="SOURCE=FILE", help="Compare with a source's text at hand.")
@click.option(
    "--format",
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
@_today
def check(
    folder: Path, strict: bool, verbose: bool, texts: tuple[str, ...], format: str, watch: bool, today: str
) -> None:
    """Check the facts of the briefing in DIR (default: here) and report every problem."""
    _need_facts(folder)

    def once() -> bool:
        before = again.fingerprint(folder, strict) if alone else ""
        output, passed = _checked(folder, strict, verbose, dict(_read_text(text) for text in texts), format, today)
        click.echo(output, nl=False)
        if before:
            kept = json.dumps([before, output, 0 if passed else 1])
            write_cache(folder, again.CHECKED, kept.encode())
        return passed

    alone = format == "text" and not (verbose or texts or watch or today)
    if not watch:
        sys.exit(0 if once() else 1)
    for _ in saves(folder):
        try:
            once()
        except BrokenPipeError:
            raise
        except OSError as error:  # perhaps a file is being saved just now, and then there is another change to see
            click.echo(_said_fault(error), err=True)
        click.echo("waiting for a save; Ctrl-C ends", err=True)


def _checked(
    folder: Path, strict: bool, verbose: bool, texts: dict[str, str], format: str, today: str
) -> tuple[str, bool]:
    """What is to be told, and whether the check is passed."""
    try:
        inputs = read_inputs(folder, today)
        outcome = check_inputs(inputs, texts)
    except UnreadableFile as error:
        inputs, outcome = Inputs({}, {}), Outcome(Briefing(None), (error.problem,))
    lines = [said_fit(fit) for fit in fits(outcome.briefing)] if verbose and format != "json" else []
    if format == "json":
        lines.append(problems_json(outcome.briefing, outcome.problems))
    else:
        problems, others = told(outcome.problems)
        if format == "github":
            lines += [github_annotation(problem, _from_workspace(folder)) for problem in problems]
        else:
            lines += [f"{shown_problem(one, inputs.text(one.place.file))}\n" for one in problems]
        lines += [others] if others else []
        lines.append(said_summary(outcome.briefing, outcome.problems))
    passed = not any(
        problem.severity is Severity.ERROR or (strict and problem.code not in AGE_CODES) for problem in outcome.problems
    )
    return "".join(f"{line}\n" for line in lines), passed


def _from_workspace(folder: Path) -> str:
    """The way to the briefing from where annotations name files: empty, or with a slash at its end."""
    path = Path(os.path.relpath(folder, os.environ.get("GITHUB_WORKSPACE") or Path.cwd())).as_posix()
    return "" if path == "." else f"{path}/"


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
        _stop([error.problem], Inputs({}, {}))


def _stop(problems: list[Problem], inputs: Inputs) -> NoReturn:
    _tell(problems, inputs)
    sys.exit(1)


def _tell(problems: Iterable[Problem], inputs: Inputs) -> None:
    first, others = told(problems)
    for problem in first:
        click.echo(shown_problem(problem, inputs.text(problem.place.file)), err=True)
    if others:
        click.echo(others, err=True)


@main.command()
@_folder
def coverage(folder: Path) -> None:
    """Say which paragraphs of the pinned sources no fact cites; fail where nobody has said why."""
    _need_facts(folder)
    inputs = _read(folder)
    outcome = check_inputs(inputs)
    briefing = outcome.briefing
    unasked = [p for p in outcome.problems if p.severity is Severity.ERROR and p.code != "uncited-paragraph"]
    if unasked:  # what is measured on broken facts means nothing
        _stop(unasked, inputs)
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
        _stop(errors, inputs)
    found = due_by(outcome.briefing, (until.year, until.month, until.day))
    click.echo(said_due(found, f"{until:%-d %B %Y}", markdown=form == "markdown"))


@main.command()
@_folder
@click.option("--modelines", is_flag=True, help="Also let each file of facts name its schema, for other editors.")
def schema(folder: Path, modelines: bool) -> None:
    """Let VS Code help with the facts of the briefing in DIR (default: here): fields and ids are offered and explained.

    Writes a JSON Schema of each kind of file and VS Code's settings into .vscode; run it again to offer new ids.
    """
    _need_facts(folder)
    briefing = check_inputs(_read(folder)).briefing
    patterns = {name: pattern for name, (pattern, *_) in FILES.items()}
    try:
        written = write_schemas(folder, editor_schemas(briefing), patterns, modelines)
    except UnreadableFile as error:
        _stop([error.problem], Inputs({}, {}))
    for file in written:
        click.echo(f"{file}: written")
    click.echo("the schemas are up to date")


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
    inputs = _read(folder)
    outcome = check_inputs(inputs)
    briefing = outcome.briefing
    record = briefing.source_by_id.get(source)
    if record is None:
        raise click.UsageError(f"there is no source '{source}' in facts/sources.yml")
    path = pin_path(folder, source)
    pinned = briefing.pin_of.get(source)
    if path.exists() and pinned is None:  # pinning over it would forget what waits to be looked at
        _stop([problem for problem in outcome.problems if problem.place.file == f"facts/pins/{source}.yml"], inputs)
    if seen:
        if pinned is None or not set(seen) <= set(pinned.look_at):
            raise click.UsageError("no such fact waits to be looked at")
        write_whole({path: evidence.seen(pinned, seen).encode()})
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
    write_whole({path: fresh.text.encode()})
    click.echo(f"{path}: {'unchanged' if same else 'written'}")


_dir = click.option("--dir", "folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))


@main.command()
@_folder
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
@_today
def build(folder: Path, engine: str, single_file: bool, pdf: bool, as_of: datetime | None, today: str) -> None:
    """Build the site of the briefing in DIR (default: here), strictly: a warning refuses it too.

    The site is made aside and put in its place only when it is whole; a second build waits for the first. Facts of
    another time knew other rules: of them only what keeps a page from being made refuses the site.
    """
    began = monotonic()
    _need_facts(folder)
    _log_to_stderr(engine)
    if fault := engines.fault(engine):
        raise click.ClickException(fault)
    if (single_file or pdf) and engine not in engines.WITH_PLUGIN:
        raise click.UsageError(f"{engine} cannot bind a briefing: --single-file and --pdf need another engine")
    if pdf:
        _need_pdf()
    day = as_of.date().isoformat() if as_of else ""
    today = today or clock()  # before the build is dated by its commit
    commit = commit_at(folder, day) if as_of else "HEAD"
    if commit is None:
        raise click.UsageError(f"git has no facts of {day} or before: no repository, or none that reaches back so far")
    if (time := commit_time(folder, commit)) is not None:  # what a build dates, it dates by the commit
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(time))
    past = (day, commit) if as_of else None
    with one_at_a_time(folder, _say_waiting):
        if engine in engines.WITH_PLUGIN:
            site, taken = _build_with_plugin(engine, folder, single_file, pdf, past, today)
        else:
            site, taken = _build_staged(engine, folder, past, today), 0
        files = [file.suffix for file in site.rglob("*") if file.is_file()]
    pages = files.count(".html")
    made = f"{pages - taken} made and {taken} as they were, " if taken else ""
    click.echo(f"{site}: {pages} pages, {made}{len(files)} files, in {monotonic() - began:.1f} s")


def _say_waiting() -> None:
    click.echo("another build of this briefing is under way; waiting for its end", err=True)


def _build_with_plugin(
    engine: str, folder: Path, single_file: bool, pdf: bool, as_of: tuple[str, str] | None, today: str
) -> tuple[Path, int]:
    """Let an engine that runs our plugin build the site; where it is, and how many of its pages are as they were."""
    load_config, faults = engines.programs(engine)
    from briefing.plugin import BriefingPlugin  # after the engine, which may stand in for MkDocs
    from briefing.site import build_site, read_kept

    config = load_config(str(folder / "mkdocs.yml"), strict=as_of is None)
    plugin = config.plugins["briefing"]
    assert isinstance(plugin, BriefingPlugin)
    plugin.as_of = as_of
    plugin.today = today
    if single_file or pdf:
        plugin.bind(html=single_file, pdf=pdf)
    site = _site_folder(folder, config.site_dir)
    with put_in_place(site) as new:
        config.site_dir = str(new)
        try:
            config.plugins.on_startup(command="build", dirty=False)
            kept = build_site(config, site, read_kept(read_cache(folder, "site.json")))
        except faults as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        finally:
            config.plugins.on_shutdown()
    write_cache(folder, "site.json", kept.dumps().encode())
    return site, kept.taken


def _site_folder(folder: Path, named: object) -> Path:
    """Where the site is put, in place of what is there: nothing that the briefing is made of."""
    site, root = (folder / str(named)).resolve(), folder.resolve()
    own = [root / name for name in (FACTS, "templates", "docs", ".git", ".cache")]
    if site == root or site in root.parents or any(site == one or one in site.parents for one in own):
        raise click.ClickException(f"site_dir in mkdocs.yml is {site}: the site would take the place of the briefing")
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
@_dir
@_today
def stage(to: Path | None, folder: Path, today: str) -> None:
    """Write the site before it is built into DIR (default: a folder in .cache): Markdown, files, theme and settings.

    For any engine that reads mkdocs.yml, without our plugin. Only what changed is written, and what is gone removed;
    files of others in DIR stay. A warning refuses it, as it does a build.
    """
    _need_facts(folder)
    to = to or folder / FOLDER
    with one_at_a_time(folder, _say_waiting):
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
        refused = [
            problem
            for problem in outcome.problems
            if problem.severity is Severity.ERROR or (as_of is None and problem.code not in AGE_CODES)
        ]
        _tell(outcome.problems, inputs)
        if refused:
            click.echo(f"the facts have problems: {said_summary(outcome.briefing, outcome.problems)}", err=True)
            sys.exit(1)
        day = parse_edtf(as_of[0]).words if as_of else ""
        files = staged(outcome, inputs, settings, *read_tree(folder, inputs, settings), day)
        own = {".gitignore": b"*\n"} if to == folder / FOLDER else {}
        return write_tree(to, {**files, **own}), settings
    except UnreadableFile as error:
        _stop([error.problem], Inputs({}, {}))
    except Unstageable as error:
        raise click.ClickException(str(error)) from None


@main.command()
@_folder
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port on 127.0.0.1.")
def serve(folder: Path, port: int) -> None:
    """Serve the site of the briefing in DIR (default: here); a saved edit reloads the page."""
    from briefing.serve import serve_site

    _need_facts(folder)
    _log_to_stderr()
    try:
        serve_site(folder, port)
    except OSError as error:
        if error.filename:
            raise
        raise click.ClickException(f"cannot serve on port {port}: {error.strerror}") from None


@main.command()
@click.argument("id")
@_dir
def show(id: str, folder: Path) -> None:
    """Show the record ID with its evidence, where it stands and which pages tell of it."""
    _, outcome, choice = _chosen(folder, id)
    click.echo(said_record(outcome.briefing, choice))
    for path in _pages(outcome, choice):
        click.echo(f"  {'page':<11} {path}")


@main.command()
@click.argument("id")
@_dir
def where(id: str, folder: Path) -> None:
    """Say each file and line, page and file to take along that names the record ID."""
    inputs, outcome, choice = _chosen(folder, id)
    for use in lookup.uses(inputs.facts, choice.record):
        click.echo(said_use(use))
    for path in _pages(outcome, choice):
        click.echo(f"page {path}")
    files = lookup.files_naming(outcome.files, choice.record.id)
    single = [path for path in files if path.startswith("f/")]
    for path in files:
        if path not in single:
            click.echo(f"file /{path}")
    if single:
        click.echo(f"file /f/*.json of {counted(len(single), 'fact')}")


def _chosen(folder: Path, id: str) -> tuple[Inputs, Outcome, lookup.Choice]:
    """The record of an id, with all that tells of it."""
    _need_facts(folder)
    inputs = _read(folder)
    outcome = compile_inputs(inputs)
    return inputs, outcome, _choose(outcome, inputs, id)


def _pages(outcome: Outcome, choice: lookup.Choice) -> list[str]:
    """The addresses of what tells of a record: its own, then every page that leads there."""
    if not outcome.pages:
        click.echo("pages are not known while the facts have problems: run briefing check", err=True)
        return []
    own = lookup.addresses(outcome.briefing, choice.record)
    pages = [*map(paths.at, own), *lookup.pages_linking(outcome.pages, own)]
    return [
        f"/{paths.address(path.partition('#')[0])}/{''.join(path.partition('#')[1:])}".replace("//", "/")
        for path in pages
    ]


def _choose(outcome: Outcome, inputs: Inputs, id: str) -> lookup.Choice:
    briefing = outcome.briefing
    found = lookup.choices(briefing, id)
    if not found:
        hidden = [problem for problem in outcome.problems if _hides(problem, briefing, inputs, id)]
        if hidden:
            click.echo(f"'{id}' stands in a file that cannot be read:", err=True)
            _stop(hidden, inputs)
        near = lookup.nearest_id(briefing, id)
        raise click.UsageError(f"there is no record '{id}'{f'; did you mean {near!r}?' if near else ''}")
    if len(found) > 1:
        raise click.UsageError(f"'{id}' is two things; say {' or '.join(choice.name for choice in found)}")
    return found[0]


def _hides(problem: Problem, briefing: Briefing, inputs: Inputs, word: str) -> bool:
    """Whether the problem keeps the record that the word means from being read: it stands in that file's text."""
    file, id = problem.place.file, word.rpartition("/")[2]
    if problem.severity is not Severity.ERROR or not (file in briefing.unread or id in briefing.failed):
        return False
    return Path(file).stem == id or bool(
        re.search(rf"(?<![\w-])id: *{re.escape(id)}(?![\w-])", inputs.text(file) or "")
    )


@main.command()
@click.argument("old")
@click.argument("new")
@_dir
def rename(old: str, new: str, folder: Path) -> None:
    """Give the record OLD the id NEW wherever it is named, and let its old address lead on for ever."""
    _need_facts(folder)
    inputs = _read(folder)
    outcome = _sound(inputs)  # in facts that cannot be read a reference could be missed
    try:
        edit = editing.rename(read_editable(folder), outcome.briefing, _choose(outcome, inputs, old).record, new)
    except editing.EditFault as fault:
        raise click.UsageError(str(fault)) from None
    _sound(with_edit(folder, edit))
    write_edit(folder, edit)
    for path in edit.files:
        click.echo(path)
    click.echo(f"{old} is {new} now, in {counted(len(edit.places), 'place')}; its old address leads on")


@main.group()
def add() -> None:
    """Add a record."""


@add.command("fact")
@click.option("--topic", help="The topic, by its file's name; the fact goes to its last section.")
@click.option("--says", help="One sentence that stands by itself.")
@click.option("--cite", multiple=True, metavar="SOURCE:PART", help="Where the claim stands, the main one first.")
@click.option("--about", multiple=True, metavar="ID", help="An actor, place or term that the sentence names.")
@click.option("--when", help="When it happened: 1971, 198X, 2024-12, 2025-01-17, 2010/2016, 2015/.., 1971~.")
@click.option("--derived", help="How the date was worked out, where the source does not print it.")
@click.option("--by", metavar="ID", help="The speaker, where it is not the source's own voice.")
@click.option("--kind", help="report (unless said), analysis, forecast, position, accusation, text.")
@click.option("--credibility", help="1 to 6, of what another source says.")
@click.option("--id", "given_id", help="Its id; unless said, one made from the sentence.")
@_dir
def add_fact(topic: str | None, folder: Path, given_id: str | None, **given: Any) -> None:
    """Write a new fact at the end of a topic's last section; asks for whatever the options leave open.

    With --topic, --says and --cite it asks nothing. A fact with an error is not written.
    """
    _need_facts(folder)
    inputs = _read(folder)
    before = check_inputs(inputs)
    briefing = before.briefing
    fields = {name: tuple(value) if isinstance(value, tuple) else value or "" for name, value in given.items()}
    asking = not (fields["says"] and fields["cite"])
    topics = ", ".join(briefing.topic_by_id)
    if topic is None and asking:
        topic = click.prompt("To which topic does it belong?", type=click.Choice([*briefing.topic_by_id]))
    if not topic:
        raise click.UsageError(f"--topic is needed, one of: {topics}")
    if topic not in briefing.topic_by_id:
        help = did_you_mean(topic, briefing.topic_by_id) or f"the topics are: {topics}"
        raise click.UsageError(f"there is no facts/topics/{topic}.yml; {help}")
    if asking:
        fields = _ask_fields(briefing, fields)
    taken = {record.id for record in briefing.records()} | editing.retired(briefing)
    id = given_id or editing.suggest_id(str(fields["says"]), taken)
    if asking and not given_id:
        id = click.prompt("Its id, for ever", default=id)
    order = ("says", "about", "by", "kind", "when", "derived", "cite", "credibility")
    try:
        edit, lines = editing.add_fact(
            read_editable(folder), briefing.topic_by_id[topic], {"id": id, **{name: fields[name] for name in order}}
        )
    except editing.EditFault as fault:
        raise click.UsageError(str(fault)) from None
    after = check_inputs(with_edit(folder, edit))
    found = [
        problem
        for problem in after.problems
        if problem.place.file == lines.file and lines.line <= problem.place.line <= lines.end_line
    ]
    # elsewhere only what was not there before is the new fact's doing; lines behind it have moved on
    known = {(problem.place.file, problem.code, problem.message) for problem in before.problems}
    found += [p for p in after.problems if p not in found and (p.place.file, p.code, p.message) not in known]
    for problem in found:
        click.echo(shown_problem(problem, with_edit(folder, edit).text(problem.place.file)), err=True)
    if has_errors(found):
        text = edit.files[lines.file].decode("utf-8-sig").splitlines()[lines.line - 1 : lines.end_line]
        click.echo("\n".join([f"not written; as line {lines.line} of {lines.file} it would be:", *text]), err=True)
        sys.exit(1)
    write_edit(folder, edit)
    click.echo(f"{lines.file}:{lines.line}: {id} written")


def _ask_fields(briefing: Briefing, given: dict[str, Any]) -> dict[str, Any]:
    """What the options leave open, asked for; an answer that no fact could have is asked for again."""
    entities = {entity.id for entity in briefing.entities}
    actors = {actor.id for actor in briefing.actors}

    def answer(name: str, question: str, known: Collection[str] = (), optional: bool = True) -> Any:
        if given[name]:
            return given[name]
        many = isinstance(given[name], tuple)

        def read(text: str) -> Any:
            value = tuple(re.split(r"[\s,]+", text.strip(" ,"))) if many and text.strip(" ,") else text.strip()
            if not value:
                if optional:
                    return () if many else ""
                raise click.UsageError("this is needed")
            if fault := field_fault(Fact, name, value):
                raise click.UsageError(fault)
            for id in (value if many else (value,)) if known else ():
                if (word := str(id).partition(":")[0]) not in known:
                    raise click.UsageError(f"there is no '{word}' {did_you_mean(word, known)}".rstrip())
            return value

        default = "" if optional else None
        return click.prompt(question, value_proc=read, default=default, show_default=False, prompt_suffix=" ")

    fields = dict(given)
    fields["says"] = answer("says", "What does the source say, in one sentence of your own?", optional=False)
    fields["cite"] = answer("cite", "Where, as source:paragraph?", briefing.source_by_id, optional=False)
    fields["about"] = answer("about", "Which actors, places and terms does it name? (ids)", entities)
    fields["when"] = answer("when", "When did it happen? (1971, 2024-12, 2025-01-17; empty: no date)")
    fields["by"] = answer("by", "Who says so, if not the source itself? (an actor's id)", actors)
    fields["kind"] = answer("kind", "A report, unless: analysis, forecast, position, accusation, text")
    if briefing.head and fields["cite"][0].partition(":")[0] not in briefing.head.based_on:
        fields["credibility"] = answer("credibility", "How credible is it, from 1 (confirmed) to 6 (cannot be judged)?")
    return fields


def _sound(inputs: Inputs) -> Outcome:
    outcome = check_inputs(inputs)
    if errors := [problem for problem in outcome.problems if problem.severity is Severity.ERROR]:
        click.echo("nothing is changed while the facts have these problems:", err=True)
        _stop(errors, inputs)
    return outcome


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", help="The briefing's title (unless said, made from the folder's name).")
def new(folder: Path, title: str | None) -> None:
    """Make a new briefing in DIR: a small example that builds at once, to be replaced bit by bit."""
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is there already and not empty")
    title = " ".join((title or re.sub(r"[-_\s]+", " ", folder.resolve().name).capitalize()).split())
    if not any(sign.isalnum() for sign in title):
        raise click.UsageError("a title has at least one letter or digit")
    for path in write_starter(folder, title):
        click.echo(folder / path)
    click.echo(f"next: cd {folder} && briefing check && briefing serve")


def _need_pdf() -> None:
    try:
        need_pdf()
    except PdfUnavailable as error:
        raise click.ClickException(str(error)) from None


def _need_facts(folder: Path) -> None:
    if not (folder / FACTS).is_dir():
        raise click.UsageError(f"there is no folder '{FACTS}' in {folder.resolve()}")


def _log_to_stderr(engine: str = "mkdocs") -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger(engine)
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
