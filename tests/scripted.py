"""A scripted history: thirty commits to a copy of the small briefing, each on its own day except for two."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from briefing_folders import VASA, copy_briefing

LOSS, AFTERLIFE = "facts/topics/loss.yml", "facts/topics/afterlife.yml"
HEAD, SOURCES, ACTORS = "facts/briefing.yml", "facts/sources.yml", "facts/actors.yml"
PLACES, TERMS = "facts/places.yml", "facts/glossary.yml"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)

Files = dict[str, str]
Step = tuple[str, Callable[[Files], None]]


def put(file: str, old: str, new: str) -> Callable[[Files], None]:
    """Return an edit that replaces a text that occurs once in a file."""

    def edit(files: Files) -> None:
        assert files[file].count(old) == 1, (file, old)
        files[file] = files[file].replace(old, new)

    return edit


def _all(*edits: Callable[[Files], None]) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        for one in edits:
            one(files)

    return edit


def _swap(files: Files) -> None:
    pattern = r"      - id: {}\n(?:        .*\n)+"
    first, second = (re.search(pattern.format(id), files[LOSS]) for id in ("order", "hybertsson-died"))
    assert first and second
    files[LOSS] = files[LOSS].replace(first[0] + second[0], second[0] + first[0])


_DEATHS = """      - id: deaths-number
        says: About 30 people are believed to have died with the Vasa.
        about: [vasa]
        cite: account:4
        supersedes: deaths
      - id: deaths-place
        says: The Vasa took people with it off Stockholm.
        about: [vasa, stockholm]
        cite: account:4
        supersedes: deaths
"""
_FOUND = """      - id: wreck-found-1956
        says: In 1956 Anders Franzén came upon the wreck.
        about: [anders-franzen, wreck-site]
        when: 1956
        cite: account:9
        supersedes: wreck-found
"""
_DIVING = """      - id: guns-diving-bell
        says: More than 50 guns were brought up with a diving bell in 1664 and 1665.
        when: 1664/1665
        cite: account:8
"""
_LAST = """      - id: hull-measured
        says: Conservators watch the hull.
        cite: account:10
        words: [conservators, hull]
"""
_SALVOR = "- id: salvor\n  name: A salvor\n  kind: group\n"

_BY_HISTORIANS = "most historians hold.\n        about: [gun-deck, historians]\n        by: historians\n"
_BY_HOCKER = "Hocker holds.\n        about: [gun-deck, fred-hocker]\n        by: fred-hocker\n"
_GRADED = "  date: 1990-06-15\n  reliability: "

STEPS: list[Step] = [
    ("Begin", _all()),
    ("Reword", put(LOSS, "died off Stockholm with the Vasa", "perished off Stockholm with the Vasa")),
    ("Lay out anew", put(LOSS, "cite: [account:2, account:1]", "cite:\n          - account:2\n          - account:1")),
    ("Put in another order", _swap),
    ("Date the opening wrongly", put(AFTERLIFE, "when: 1990\n", "when: 1991\n")),
    ("Date it back", put(AFTERLIFE, "when: 1991\n", "when: 1990\n")),
    ("Add a fact", put(AFTERLIFE, "  - title: Museum\n", f"{_DIVING}  - title: Museum\n")),
    (
        "Rename a fact",
        _all(
            put(LOSS, "id: gunports-open", "id: water-through-gunports"),
            put(LOSS, "[sinking, gunports-open]", "[sinking, water-through-gunports]"),
        ),
    ),
    ("Supersede a fact", put(AFTERLIFE, "      - id: raised\n", f"{_FOUND}      - id: raised\n")),
    ("Retire a fact", put(AFTERLIFE, "also: [loss]\n", "also: [loss]\n        retired: Told twice.\n")),
    ("Split a fact", put(LOSS, "      - id: nobody-guilty\n", f"{_DEATHS}      - id: nobody-guilty\n")),
    ("Call it analysis", put(AFTERLIFE, "kind: forecast", "kind: analysis")),
    ("Call it a forecast again", put(AFTERLIFE, "kind: analysis", "kind: forecast")),
    ("Ascribe it to another", put(LOSS, _BY_HISTORIANS, _BY_HOCKER)),
    ("Cite another paragraph", put(LOSS, "cite: account:3\n", "cite: account:2\n")),
    ("Cite the right one again", put(LOSS, "cite: account:2\n", "cite: account:3\n")),
    ("Break the file", put(LOSS, "title: The loss\n", "title: The loss: or not\n")),
    (
        "Mend it, and say more",
        _all(
            put(LOSS, "title: The loss: or not\n", "title: The loss\n"),
            put(LOSS, "The account gives no date for", "Nobody dates"),
        ),
    ),
    ("Add an actor", put(ACTORS, "- id: sweden\n", f"{_SALVOR}- id: sweden\n")),
    ("Name the actor better", put(ACTORS, "name: A salvor", "name: A diver")),
    ("Take the actor out", put(ACTORS, _SALVOR.replace("A salvor", "A diver"), "")),
    ("Grade a source", put(SOURCES, f"{_GRADED}A", f"{_GRADED}B")),
    ("Date a source", put(SOURCES, f"{_GRADED}B", f"{_GRADED}B\n  note: Seen in 2026.")),
    (
        "Judge anew",
        _all(
            put(HEAD, "likelihood: very likely", "likelihood: almost certain"),
            put(HEAD, "is very likely to have", "is almost certain to have"),
        ),
    ),
    ("Ask otherwise", put(HEAD, "that the ship was unstable?", "how unstable the ship was?")),
    (
        "Write a field of another time",
        put(LOSS, "      - id: sinking\n", "      - id: sinking\n        colour: grey\n"),
    ),
    ("Drop it", put(LOSS, "        colour: grey\n", "")),
    ("Reword in the morning", put(AFTERLIFE, "The wreck broke the surface", "The wreck came up")),
    ("Take that back in the evening", put(AFTERLIFE, "The wreck came up", "The wreck broke the surface")),
    ("Add the last fact", put(AFTERLIFE, "      - id: hull-settles\n", f"{_LAST}      - id: hull-settles\n")),
]
_EVENING = "Take that back in the evening"

_WHO = {
    f"GIT_{role}_{what}": text
    for role in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "A"), ("EMAIL", "a@example"))
}


def git(folder: Path, *arguments: str, given: str = "", env: Mapping[str, str] | None = None) -> str:
    """Run git in a folder without the user's settings, which may sign commits or run hooks, and return its output."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_DIR": str(folder / ".git"), **_WHO}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **own, **(env or {})},
    )
    return done.stdout


def scripted_repository(folder: Path) -> Path:
    """Create a repository of the small briefing with the thirty commits, and check out the last one."""
    copy_briefing(VASA, folder)
    files = {
        path.relative_to(folder).as_posix(): path.read_text() for path in sorted((folder / "facts").rglob("*.yml"))
    }
    # One of its steps renames a fact, which no reader has seen.
    listed = "facts/published.yml"
    files[listed] = "".join(line for line in files[listed].splitlines(True) if "gunports-open" not in line)
    settings = [folder / "mkdocs.yml", *sorted((folder / "docs").rglob("*.md"))]
    started = {**files, **{path.relative_to(folder).as_posix(): path.read_text() for path in settings}}
    written: Files = {}
    stream = []
    time = START
    for number, (says, edit) in enumerate(STEPS):
        edit(files)
        time = time.replace(hour=20) if says == _EVENING else START + timedelta(days=number)
        now = files if number else started
        changed = {file: text for file, text in now.items() if written.get(file) != text}
        written |= changed
        stream.append(f"commit refs/heads/main\ncommitter A <a@example> {int(time.timestamp())} +0000\n")
        stream.append(f"data {len(says.encode())}\n{says}\n")
        stream += [f"M 100644 inline {file}\ndata {len(text.encode())}\n{text}\n" for file, text in changed.items()]
    git(folder, "init", "-q", "-b", "main")
    git(folder, "fast-import", "--quiet", given="".join(stream))
    git(folder, "reset", "-q", "--hard")
    return folder
