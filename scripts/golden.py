"""Compare the outputs of two revisions of the code for the same inputs. Run by ``scripts/golden``.

    golden compare REV           compare REV's code with the working tree's on every briefing; print a text diff
    golden digests [--write]     compare the frozen test briefings with tests/golden.sha256, or write that file

The inputs are always those of the working tree: this repository's briefing, the example, the test briefings and every
broken example, with a fixed date, a fixed build date and git histories with fixed commit dates. The code is run through
the command line, because revisions may arrange their modules differently. Only the frozen test briefings have digests,
so that editing a fact in ``facts/`` or ``examples/`` does not fail a test.
"""

import argparse
import difflib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from briefing_folders import copy_briefing  # noqa: E402
from scripted import git, scripted_repository  # noqa: E402

TODAY = "2026-11-24"
EPOCH = "1795521600"  # that day at noon, UTC: the date of commits and of builds
DIGESTS = ROOT / "tests" / "golden.sha256"
RECORDS = 4  # records to show per briefing, spread over all of its files
MOST_LINES = 60  # the longest diff of one output

Command = tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A briefing to record: how to make its folder, which commands to run, and whether its outputs have digests."""

    prepare: Callable[[Path], object]
    commands: Callable[[Path], Iterator[Command]]
    frozen: bool = False


def main() -> int:
    """Run one of the commands above; return 1 if outputs differ."""
    parser = argparse.ArgumentParser(prog="golden", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    compare = commands.add_parser("compare", help="compare a revision's code with the working tree's")
    compare.add_argument("revision")
    digests = commands.add_parser("digests", help="compare the frozen test briefings with their digests")
    digests.add_argument("--write", action="store_true", help="write the digests instead")
    for command in (compare, digests):
        command.add_argument(
            "--only", nargs="+", choices=SUBJECTS, metavar="NAME", help="briefings to use: %(choices)s"
        )
    record = commands.add_parser("record", help="(internal) run this process's code on prepared inputs")
    record.add_argument("names", nargs="+", choices=SUBJECTS)
    record.add_argument("--inputs", type=Path, required=True)
    record.add_argument("--out", type=Path, required=True)
    record.add_argument("--no-site", action="store_true", help="leave out the built site")
    given = parser.parse_args()
    if given.command == "record":
        for name in given.names:
            record_subject(name, given.inputs, given.out, site=not given.no_site)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if given.command == "compare":
            return compare_revision(given.revision, given.only or list(SUBJECTS), Path(folder))
        frozen = [name for name, subject in SUBJECTS.items() if subject.frozen]
        return check_digests(given.only or frozen, Path(folder), write=given.write)


def compare_revision(revision: str, names: list[str], folder: Path) -> int:
    """Print the differences between the outputs of a revision's code and the working tree's. Return 1 if any."""
    code = folder / "code"
    git(ROOT, "worktree", "add", "--quiet", "--detach", str(code), revision)
    running: list[Future[None]] = []
    try:
        prepare_inputs(names, folder / "inputs")
        with ThreadPoolExecutor() as pool:
            for side, checkout in (("before", code), ("after", ROOT)):
                running.append(pool.submit(run_code, checkout, names, folder / "inputs", folder / side))
        for run in running:
            run.result()
        outputs = [read_outputs(folder / side) for side in ("before", "after")]
    finally:
        git(ROOT, "worktree", "remove", "--force", str(code))
    differing = 0
    for text in differences(*outputs):
        print(text)
        differing += 1
    print(f"{differing} of {len({*outputs[0], *outputs[1]})} outputs differ from {revision}")
    return int(differing > 0)


def check_digests(names: list[str], folder: Path, *, write: bool) -> int:
    """Print the outputs of the frozen briefings whose digests differ from the committed ones, or write the digests."""
    prepare_inputs(names, folder / "inputs")
    run_code(ROOT, names, folder / "inputs", folder / "out", "--no-site")
    outputs = read_outputs(folder / "out")
    found = {path: hashlib.sha256(data).hexdigest() for path, data in outputs.items() if not _is_copied(path)}
    if write:
        DIGESTS.write_text("".join(f"{digest}  {path}\n" for path, digest in sorted(found.items())), encoding="utf-8")
        print(f"{DIGESTS.relative_to(ROOT)}: {len(found)} digests")
        return 0
    lines = (line.split("  ", 1) for line in DIGESTS.read_text(encoding="utf-8").splitlines())
    committed = {path: digest for digest, path in lines if path.partition("/")[0] in names}
    differing = [path for path in sorted({*found, *committed}) if found.get(path) != committed.get(path)]
    for path in differing:
        print(f"changed: {path}")
    print(f"{len(differing)} of {len(found)} outputs differ; 'scripts/golden compare REV' shows how")
    return int(bool(differing))


def _is_copied(path: str) -> bool:
    """Return whether a staged file is a copy from the theme, or lists such copies. Those have no digests."""
    return "/stage/theme/" in path or path.endswith("/stage/.briefing.json")


def prepare_inputs(names: list[str], folder: Path) -> None:
    """Make a folder for each briefing. Every run works on a copy of it."""
    for name in names:
        SUBJECTS[name].prepare(folder / name)


def run_code(checkout: Path, names: list[str], inputs: Path, out: Path, *options: str) -> None:
    """Record the outputs of a checkout's code, in a process that imports it instead of the installed package."""
    with tempfile.TemporaryDirectory() as metadata:
        write_entry_points(checkout, Path(metadata))
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_", "BRIEFING_"))
        }
        environment |= {
            "HOME": metadata,
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": os.pathsep.join([str(checkout), metadata]),
            "SOURCE_DATE_EPOCH": EPOCH,
            "TZ": "UTC",
        }
        command = [sys.executable, __file__, "record", *names, "--inputs", str(inputs), "--out", str(out)]
        subprocess.run([*command, *options], env=environment, check=True)


def write_entry_points(checkout: Path, folder: Path) -> None:
    """Write metadata for a checkout's plugin. Earlier on the path, they hide those of the installed package."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    metadata = folder / f"{installed.replace('-', '_')}-0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {installed}\nVersion: 0\n", encoding="utf-8")
    groups = ((group, points) for group, points in project["entry-points"].items())
    text = "".join(f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups)
    (metadata / "entry_points.txt").write_text(text, encoding="utf-8")


def record_subject(name: str, inputs: Path, out: Path, *, site: bool) -> None:
    """Run all commands of a briefing with the code that this process imports. Write each command's output to a file."""
    from click.testing import CliRunner

    from briefing.cli import main as briefing

    subject = SUBJECTS[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, name)
        shutil.copytree(inputs / name, folder)
        os.chdir(folder)
        (out / name).mkdir(parents=True)
        for command in subject.commands(folder):
            if command[0] == "build" and not site:
                continue
            if command[0] == "build":  # in a new process, because a build configures logging
                done = subprocess.run([sys.executable, "-m", "briefing", *command], capture_output=True, text=True)
                code, output, errors = done.returncode, done.stdout, done.stderr
            else:
                result = CliRunner().invoke(briefing, command, prog_name="briefing")
                code, output, errors = result.exit_code, result.stdout, result.stderr
                if result.exception and not isinstance(result.exception, SystemExit):
                    errors += f"{type(result.exception).__name__}: {result.exception}\n"
            text = f"$ briefing {' '.join(command)}\nexit code {code}\n{output}--- errors\n{errors}"
            text = re.sub(r"(files, in) [\d.]+ s", r"\1 … s", text.replace(str(folder), name))
            with (out / name / f"{_file_name(command)}.txt").open("a", encoding="utf-8") as file:
                file.write(text)
        for made in ("stage", "site"):
            if (folder / made).is_dir():
                shutil.copytree(folder / made, out / name / made)


def _file_name(command: Command) -> str:
    """Return the name of a command's output file, the same for all formats."""
    text = re.sub(r" --(today|format) \S+| --strict", "", " ".join(command))
    return re.sub(r"\W+", "-", text).strip("-")


def read_outputs(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every recorded file, by path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    """Yield a text for each output that differs: a unified diff, or one line if the output is not text."""
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        if old is None or new is None:
            yield f"only {'after' if old is None else 'before'}: {path}"
            continue
        try:
            sides = [list(readable_lines(data.decode())) for data in (old, new)]
        except UnicodeDecodeError:
            yield f"differs: {path} ({len(old)} and {len(new)} bytes)"
            continue
        lines = list(difflib.unified_diff(*sides, f"before/{path}", f"after/{path}", n=1, lineterm=""))
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]
        yield "\n".join(lines or [f"differs in line ends: {path}"])


def readable_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text. A line that is a JSON object is spread over several."""
    for line in text.splitlines():
        try:
            is_object = line.startswith("{") and isinstance(json.loads(line), dict)
        except ValueError:
            is_object = False
        if is_object:
            yield from json.dumps(json.loads(line), indent=1, ensure_ascii=False).splitlines()
        else:
            yield line


def commands_for_all(_folder: Path) -> Iterator[Command]:
    """Yield the commands to run on every briefing."""
    for form in ("text", "json", "github"):
        yield ("check", "--strict", "--today", TODAY, "--format", form)


def commands_for_whole(folder: Path) -> Iterator[Command]:
    """Yield the commands to run on a briefing without errors and with a history."""
    yield from commands_for_all(folder)
    yield ("check", "--verbose", "--today", TODAY)
    yield ("coverage",)
    for form in ("text", "markdown"):
        yield ("due", "--within", "400d", "--today", TODAY, "--format", form)
    ids = record_ids(folder)
    for record in ids[:: max(1, len(ids) // RECORDS)]:
        yield ("show", record)
        yield ("where", record)
    revisions = [f"HEAD~{number}" for number in range(int(git(folder, "rev-list", "--count", "HEAD")))]
    for form in ("text", "markdown", "json"):
        yield ("diff", revisions[-1], revisions[0], "--format", form)
    for newer, older in list(pairwise(revisions))[::6]:  # the comparisons above contain every change
        yield ("diff", older, newer)
    yield ("stage", "stage", "--today", TODAY)
    yield ("build", "--today", TODAY)


def commands_for_frozen(folder: Path) -> Iterator[Command]:
    """Yield the commands to run on the small briefing, including those that do not depend on facts."""
    yield from commands_for_whole(folder)
    yield ("check", "--explain", "list")
    yield ("check", "--explain", "duplicate-id")


def commands_for_example(folder: Path) -> Iterator[Command]:
    """Yield the commands to check each broken example, which has its own folder."""
    for case in sorted(path.name for path in folder.iterdir()):
        yield ("check", case, "--strict", "--today", TODAY, "--format", "text")


def record_ids(folder: Path) -> list[str]:
    """Return the ids of all records, in the order of files and lines."""
    files = sorted(folder.glob("facts/*.yml")) + sorted(folder.glob("facts/topics/*.yml"))
    found = [id for file in files for id in re.findall(r"^ *- id: *([\w-]+)", file.read_text(encoding="utf-8"), re.M)]
    return list(dict.fromkeys(found))


def prepare_repository(source: Path, folder: Path) -> None:
    """Copy a briefing without templates into a repository with two commits: earlier facts, and the current ones.

    In a shallow clone there is only one commit, with the current facts.
    """
    copy_briefing(source, folder)
    shutil.rmtree(folder / "templates")
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text(".cache/\nsite/\nstage/\n", encoding="utf-8")
    facts = (source / "facts").relative_to(ROOT).as_posix()
    earlier = git(ROOT, "rev-list", "--max-count=1", "--skip=4", "HEAD", "--", facts).strip()
    if earlier:
        now = folder.with_name(f"{folder.name}-now")
        (folder / "facts").rename(now)
        files = git(ROOT, "ls-tree", "-r", "--name-only", earlier, "--", facts).splitlines()
        for file in files:
            old = folder / "facts" / Path(file).relative_to(facts)
            old.parent.mkdir(parents=True, exist_ok=True)
            old.write_text(git(ROOT, "show", f"{earlier}:{file}"), encoding="utf-8")
        commit(folder, "Earlier facts")
        shutil.rmtree(folder / "facts")
        now.rename(folder / "facts")
    commit(folder, "Facts of today")


def commit(folder: Path, subject: str) -> None:
    """Commit everything in a folder, with a fixed time."""
    git(folder, "add", "--all")
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{EPOCH} +0000")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, env=dates)


def prepare_scripted(folder: Path) -> None:
    """Write the small test briefing with its history of thirty commits."""
    scripted_repository(folder)
    shutil.rmtree(folder / "templates")


def prepare_facts(source: Path, folder: Path) -> None:
    """Copy a test briefing that has only facts."""
    shutil.copytree(source, folder)


def prepare_broken(folder: Path) -> None:
    """Copy the valid briefing once for each broken example, and replace the file that the example names."""
    examples = ROOT / "tests" / "broken"
    for case in sorted(examples.glob("*.yml")):
        shutil.copytree(examples / "base", folder / case.stem)
        data = case.read_bytes()
        file = folder / case.stem / data.split(b"\n", 1)[0].decode().removeprefix("# file: ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _of(source: str) -> Callable[[Path], None]:
    return lambda folder: prepare_repository(ROOT / source, folder)


SUBJECTS = {
    "treaty": Subject(_of("."), commands_for_whole),
    "suez": Subject(_of("examples/suez-canal"), commands_for_whole),
    "vasa": Subject(prepare_scripted, commands_for_frozen, frozen=True),
    "explained": Subject(lambda to: prepare_facts(ROOT / "tests" / "explained", to), commands_for_all, frozen=True),
    "faults": Subject(lambda to: prepare_facts(ROOT / "tests" / "twelve-faults", to), commands_for_all, frozen=True),
    "broken": Subject(prepare_broken, commands_for_example, frozen=True),
}

if __name__ == "__main__":
    sys.exit(main())
