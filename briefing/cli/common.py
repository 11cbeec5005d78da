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
    help="Use this date instead of today's.",
)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
folder_argument = click.argument("folder", metavar="[DIR]", default=".", type=_FOLDER)
folder_option = click.option(
    "--dir", "folder", default=".", type=_FOLDER, help="The briefing's folder (default: the current folder)."
)


class _Commands(click.Group):
    """A group of commands that reports system errors in one line."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            # Ends the line on which the terminal shows ^C.
            click.echo(err=True)
            raise click.exceptions.Exit(130) from None
        except click.ClickException as error:
            # The message may quote the command line or a file, which may contain control characters.
            object.__setattr__(error, "message", printable(error.message))
            raise
        except GitFailed as error:
            raise click.ClickException(str(error)) from None
        except UnreadableFile as error:
            stop([error.problem], Inputs({}, {}))
        except BrokenPipeError:
            # The reader of our output, such as `head`, has gone. click then exits without a message.
            raise
        except OSError as error:
            raise click.ClickException(format_system_error(error)) from None


def format_system_error(error: OSError) -> str:
    """Return a system error as one line: its file, the reason and a remedy."""
    # A second file, if any, is the target, and the target is what fails.
    where = error.filename2 or error.filename
    message = ": ".join(str(part) for part in (where, error.strerror or error) if part)
    remedy = _REMEDIES.get(error.errno or 0)
    return f"{message}; {remedy}" if remedy else message


_NO_ROOM = "free some space or raise the limit, then run it again"
_NO_RIGHT = "change the permissions, or use a folder that you can write to"
_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _NO_ROOM),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _NO_RIGHT),
}


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(briefing.__version__, prog_name="briefing")
def main() -> None:
    """Turn facts in YAML into a website in which every sentence can be checked."""
    # There are many records, and they live until the process ends. With Python's defaults the garbage collector would
    # take half of the time to scan them.
    gc.set_threshold(100_000, 50, 100)


def need_facts(folder: Path) -> None:
    """Raise UsageError if the folder contains no briefing."""
    if not (folder / FACTS).is_dir():
        raise click.UsageError(f"no folder '{FACTS}' in {folder.resolve()}")
    settings = folder / SETTINGS
    # Reading a pipe would wait for a writer that may never come.
    if settings.exists() and not settings.is_file():
        raise click.UsageError(f"{settings} is not a regular file")


def read(folder: Path, today: str = "") -> Inputs:
    """Return the files of the briefing in a folder. Raises UsageError if there is none."""
    need_facts(folder)
    return read_inputs(folder, today)


def text_of(file: Path) -> str:
    """Return the text of a file that is named on the command line. Raises UsageError if it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.UsageError(f"{file} is not UTF-8") from None


def stop(problems: Iterable[Problem], inputs: Inputs) -> NoReturn:
    """Print problems and exit with code 1."""
    print_problems(problems, inputs)
    sys.exit(1)


def print_problems(problems: Iterable[Problem], inputs: Inputs) -> None:
    """Print problems to standard error."""
    first, others = limit_problems(problems)
    for problem in first:
        echo_report(format_problem(problem, inputs.text(problem.place.file)), err=True)
    if others:
        click.echo(others, err=True)


def echo_report(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a report, in colour if the stream is a terminal that supports it."""
    stream = sys.stderr if err else sys.stdout
    # Python sets it to None if the process was started with it closed.
    if stream:
        click.echo(for_stream(text, stream), err=err, nl=nl)


def refusing(problems: Iterable[Problem], *, strict: bool = False) -> list[Problem]:
    """Return the problems that fail the command: the errors, and if ``strict`` also the warnings.

    A note never fails it, nor does a warning that only the passing of time has caused.
    """
    if strict:
        return [
            problem
            for problem in problems
            if problem.severity is Severity.ERROR
            or (problem.severity is Severity.WARNING and problem.code not in AGE_CODES)
        ]
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def choose(outcome: Outcome, inputs: Inputs, word: str) -> references.Choice:
    """Return the record with this id. Raises UsageError if no record or more than one has it."""
    briefing = outcome.briefing
    found = references.choices(briefing, word)
    if not found:
        hidden = [problem for problem in outcome.problems if _hides(problem, briefing, inputs, word)]
        if hidden:
            click.echo(f"'{word}' is in a file that cannot be read:", err=True)
            stop(hidden, inputs)
        message = f"no record '{word}'"
        near = references.nearest_id(briefing, word)
        if near:
            message += f"; did you mean {near!r}?"
        raise click.UsageError(message)
    # A topic's id is the name of its file, which may be the id of another record too.
    if len(found) > 1:
        raise click.UsageError(f"'{word}' is ambiguous; use {' or '.join(choice.name for choice in found)}")
    return found[0]


def _hides(problem: Problem, briefing: Briefing, inputs: Inputs, word: str) -> bool:
    """Return whether the problem is why the record with this id was not read: the text of its file contains the id."""
    file = problem.place.file
    # If two records share an id, the word includes the kind: topic/harbour.
    _, _, wanted = word.rpartition("/")
    if problem.severity is not Severity.ERROR or not (file in briefing.unread or wanted in briefing.failed):
        return False
    if Path(file).stem == wanted:
        return True
    # Search the text, because the file's YAML may be invalid.
    return bool(re.search(rf"(?<![\w-])id: *{re.escape(wanted)}(?![\w-])", inputs.text(file) or ""))
