"""Check the links of all sources. Print the dead ones, with archived copies, as Markdown.

A link is dead if its page (404, 410) or its host no longer exists. Many sites block programs (403, 429) or fail for a
day; these are listed as unclear. Exit codes: 0 no dead links, 1 dead links, 2 no address answered (no network).
"""

import argparse
import json
import socket
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from briefing.compile import check
from briefing.model.records import Source
from briefing.project.reader import read_inputs

HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; briefing link check)", "Accept": "*/*"}
ARCHIVE = "https://archive.org/wayback/available"
AT_ONCE = 8
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True)
class Answer:
    """The result of requesting a source's address. ``trouble`` is empty if it answered."""

    source: Source
    trouble: str = ""
    dead: bool = False


def ask(source: Source, timeout: float) -> Answer:
    """Request a source's page, without reading its content."""
    url = quote(str(source.url), safe="%/:?#[]@!$&'()*+,;=~")
    try:
        with urlopen(Request(url, headers=HEADERS), timeout=timeout) as response:
            end = urlsplit(response.url)
    except HTTPError as error:
        error.close()
        return Answer(source, f"{error.code} {error.reason}".strip(), error.code in GONE)
    except URLError as error:
        lost = isinstance(error.reason, (socket.gaierror, ConnectionRefusedError))
        return Answer(source, " ".join(str(error.reason).split()), lost)
    except (OSError, HTTPException, ValueError) as error:
        return Answer(source, " ".join(str(error).split()) or type(error).__name__)
    if end.path in ("", "/") and not end.query and urlsplit(url).path not in ("", "/"):
        return Answer(source, "redirects to the home page")
    return Answer(source)


def ask_all(sources: Iterable[Source], timeout: float) -> list[Answer]:
    """Request all addresses, one at a time per host, and failed ones a second time. Return answers in order."""
    hosts: dict[str, list[Source]] = {}
    for source in sources:
        hosts.setdefault(urlsplit(str(source.url)).netloc, []).append(source)
    answers: dict[str, Answer] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(2):
            left = [
                [one for one in group if one.id not in answers or answers[one.id].trouble] for group in hosts.values()
            ]
            for group in pool.map(lambda group: [ask(one, timeout) for one in group], left):
                answers.update((answer.source.id, answer) for answer in group)
    return [answers[source.id] for source in sources]


def archived(source: Source, archive: str, timeout: float) -> str:
    """Return where the archived copy closest to the source's date is, as text (Wayback Availability API)."""
    asked = {"url": str(source.url)}
    if source.date:
        asked["timestamp"] = "{:04}{:02}{:02}".format(*source.date.earliest)
    try:
        with urlopen(Request(f"{archive}?{urlencode(asked)}", headers=HEADERS), timeout=timeout) as response:
            copy = json.load(response).get("archived_snapshots", {}).get("closest", {})
    except (OSError, HTTPException, ValueError):
        return "the archive did not answer"
    if not copy.get("available"):
        return "no copy in the archive"
    time = copy["timestamp"]
    return f"copy of {time[:4]}-{time[4:6]}-{time[6:8]}: <{copy['url']}>"


def main() -> int:
    """Run the command. Return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path())
    parser.add_argument("--timeout", type=float, default=30, help="seconds to wait for an answer (default: 30)")
    parser.add_argument("--archive", default=ARCHIVE, help="URL of the archive's API")
    options = parser.parse_args()
    sources = [source for source in check(read_inputs(options.folder)).briefing.sources if source.url]
    answers = ask_all(sources, options.timeout)
    dead = [answer for answer in answers if answer.dead]
    silent = [answer for answer in answers if answer.trouble and not answer.dead]
    if answers and all(answer.trouble for answer in answers):
        print(f"none of {len(answers)} addresses answered; is there a network?", file=sys.stderr)
        return 2
    print("## Links of sources\n")
    print(f"{len(answers)} checked: {len(answers) - len(dead) - len(silent)} work, {len(dead)} are dead,", end=" ")
    print(f"{len(silent)} are unclear.")
    if dead:
        print("\n### Dead\n")
    for answer in dead:
        copy = archived(answer.source, options.archive, options.timeout)
        print(f"- `{answer.source.id}` <{answer.source.url}>: {answer.trouble}; {copy}")
    if silent:
        print("\n### Unclear\n")
    for answer in silent:
        print(f"- `{answer.source.id}` <{answer.source.url}>: {answer.trouble}")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
