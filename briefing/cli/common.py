"""What commands share: common options, reading a briefing, reporting problems."""

import errno
import gc
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

import briefing
from briefing.compile import Inputs, Outcome
from briefing.editing import references
from briefing.editing.text_edits import SETTINGS
from briefing.model.briefing import Briefing
from briefing.problems import Problem, Severity
from briefing.project.git import GitFailed
from briefing.project.layout import FACTS
from briefing.project.reader import UnreadableFile, read_inputs
from briefing.project.terminal import for_stream
from briefing.reporting.problems import format_problem, limit_problems
from briefing.rules.tense import AGE_CODES
from briefing.text.characters import printable

today_option = click.option(
    "--today",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _context, _option, value: value.date().isoformat() if value else "",
    help="Read the facts as of this day instead of today.",
)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
folder_argument = click.argument("folder", metavar="[DIR]", default=".", type=_FOLDER)
folder_option = click.option("--dir", "folder", default=".", type=_FOLDER)


class _Commands(click.Group):
    """What the world outside does to a command is told in one line."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            # Ends the line on which the terminal shows ^C.
            click.echo(err=True)
            raise click.exceptions.Exit(130) from None
        except click.ClickException as error:
            # The message may quote the command line or a file, and with it what a terminal would obey.
            object.__setattr__(error, "message", printable(error.message))
            raise
        except GitFailed as error:
            raise click.ClickException(str(error)) from None
        except UnreadableFile as error:
            stop([error.problem], Inputs({}, {}))
        except BrokenPipeError:
            # The reader of our output has gone, as `head` does. click then ends without a message.
            raise
        except OSError as error:
            raise click.ClickException(format_system_error(error)) from None


def format_system_error(error: OSError) -> str:
    """A fault of the system with its file, and what can be done."""
    # The second file, if any, is where something was to be written: it, not the first, is what fails.
    where = error.filename2 or error.filename
    message = ": ".join(str(part) for part in (where, error.strerror or error) if part)
    remedy = _REMEDIES.get(error.errno or 0)
    return f"{message}; {remedy}" if remedy else message


_NO_ROOM = "make room there, or let the system allow more, and run it again"
_NO_RIGHT = "change who may read and write there, or run it where you may"
_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _NO_ROOM),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _NO_RIGHT),
}


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(briefing.__version__, prog_name="briefing")
def main() -> None:
    """Facts in YAML become a briefing site in which every sentence can be checked."""
    # Records are many and live until the end. With Python's defaults, half the time would go into looking for garbage
    # among them.
    gc.set_threshold(100_000, 50, 100)


def need_facts(folder: Path) -> None:
    """Ends the command where there is no briefing."""
    if not (folder / FACTS).is_dir():
        raise click.UsageError(f"there is no folder '{FACTS}' in {folder.resolve()}")
    settings = folder / SETTINGS
    # Reading a pipe would wait for a writer that may never come.
    if settings.exists() and not settings.is_file():
        raise click.UsageError(f"{settings} is no file with a content of its own")


def read(folder: Path, today: str = "") -> Inputs:
    """The briefing in a folder."""
    need_facts(folder)
    return read_inputs(folder, today)


def text_of(file: Path) -> str:
    """The text of a file that the command line names."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.UsageError(f"{file} is not UTF-8") from None


def stop(problems: Iterable[Problem], inputs: Inputs) -> NoReturn:
    """Tell problems and end the command."""
    print_problems(problems, inputs)
    sys.exit(1)


def print_problems(problems: Iterable[Problem], inputs: Inputs) -> None:
    """Tell problems on the error stream."""
    first, others = limit_problems(problems)
    for problem in first:
        echo_report(format_problem(problem, inputs.text(problem.place.file)), err=True)
    if others:
        click.echo(others, err=True)


def echo_report(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print problems, in colour if the stream is a terminal that shows it."""
    stream = sys.stderr if err else sys.stdout
    # Python sets it to None if the process was started with it closed.
    if stream:
        click.echo(for_stream(text, stream), err=err, nl=nl)


def refusing(problems: Iterable[Problem], *, strict: bool = False) -> list[Problem]:
    """Those of the problems that refuse the work: errors, and in a ``strict`` one all but what only time has made
    wrong.
    """
    if strict:
        return [problem for problem in problems if problem.severity is Severity.ERROR or problem.code not in AGE_CODES]
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def choose(outcome: Outcome, inputs: Inputs, word: str) -> references.Choice:
    """The record that an id means; ends the command where that is none, or more than one."""
    briefing = outcome.briefing
    found = references.choices(briefing, word)
    if not found:
        hidden = [problem for problem in outcome.problems if _hides(problem, briefing, inputs, word)]
        if hidden:
            click.echo(f"'{word}' is in a file that cannot be read:", err=True)
            stop(hidden, inputs)
        message = f"there is no record '{word}'"
        near = references.nearest_id(briefing, word)
        if near:
            message += f"; did you mean {near!r}?"
        raise click.UsageError(message)
    # A topic's id is the name of its file, and may be that of another record, too.
    if len(found) > 1:
        raise click.UsageError(f"'{word}' is two things; say {' or '.join(choice.name for choice in found)}")
    return found[0]


def _hides(problem: Problem, briefing: Briefing, inputs: Inputs, word: str) -> bool:
    """Whether the problem keeps the record that the word means from being read: it stands in that file's text."""
    file = problem.place.file
    # Of two records with one id, the word names the kind, too: topic/harbour.
    _, _, wanted = word.rpartition("/")
    if problem.severity is not Severity.ERROR or not (file in briefing.unread or wanted in briefing.failed):
        return False
    if Path(file).stem == wanted:
        return True
    # As text, since the YAML of the file may be what cannot be read.
    return bool(re.search(rf"(?<![\w-])id: *{re.escape(wanted)}(?![\w-])", inputs.text(file) or ""))
