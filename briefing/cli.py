"""The command line: ``briefing check``, ``build`` and ``serve``.

Exit codes: 0 nothing is wrong, 1 there are problems, 2 the command was not understood.
"""

import logging
import sys
import tempfile
from pathlib import Path

import click

import briefing
from briefing.compile import check as check_inputs
from briefing.folder import FACTS, read_inputs
from briefing.problems import Severity
from briefing.report import said_problem, said_summary

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
def check(folder: Path, strict: bool) -> None:
    """Check the facts of the briefing in DIR (default: here) and report every problem."""
    _need_facts(folder)
    outcome = check_inputs(read_inputs(folder))
    for problem in outcome.problems:
        click.echo(said_problem(problem))
    click.echo(said_summary(outcome.briefing, outcome.problems))
    failing = [problem for problem in outcome.problems if strict or problem.severity is Severity.ERROR]
    sys.exit(1 if failing else 0)


@main.command()
@_folder
def build(folder: Path) -> None:
    """Build the site of the briefing in DIR (default: here), strictly: a warning refuses it too.

    The site is made aside and put in its place only when it is whole.
    """
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    _need_facts(folder)
    _log_to_stderr()
    config = load_config(str(folder / "mkdocs.yml"), strict=True)
    site = Path(config.site_dir)
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
@click.option("--port", default=8000, show_default=True, help="The port on 127.0.0.1.")
def serve(folder: Path, port: int) -> None:
    """Serve the site of the briefing in DIR (default: here); a saved edit reloads the page."""
    from mkdocs.commands.serve import serve as serve_site

    _need_facts(folder)
    _log_to_stderr()
    serve_site(str(folder / "mkdocs.yml"), dev_addr=f"127.0.0.1:{port}")


def _need_facts(folder: Path) -> None:
    if not (folder / FACTS).is_dir():
        raise click.UsageError(f"there is no folder '{FACTS}' in {folder.resolve()}")


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
