"""Collect the messages of the site into the catalogue and bring translations up to date. Run by ``scripts/messages``.

    messages update    write locale/messages.pot from the code and templates; add new messages to each locale/TAG.po
    messages check     say what is out of date, not translated, or has other placeholders than its message; exit with 1

A new language is one file: ``messages update --add TAG`` makes it. Translations are compiled when they are read, so
nothing else is to be built.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "briefing" / "locale"
TEMPLATE = LOCALE / "messages.pot"
_HEADER = "# Messages of a briefing's site. Written by scripts/messages."
_METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
_LEFT_OUT = ("-Date: ", "Generated-By", "EMAIL@ADDRESS", "Project-Id-Version")
_KEYWORDS = {
    **dict.fromkeys(("_", "N_", "t", "gettext"), None),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def main() -> int:
    """Run one of the commands above."""
    parser = argparse.ArgumentParser(prog="messages", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    update = commands.add_parser("update", help="write the catalogue and bring the translations up to date")
    update.add_argument("--add", metavar="TAG", help="also make the file of a new language, such as fa or pt-BR")
    commands.add_parser("check", help="say what is wrong; exit with 1 if anything is")
    given = parser.parse_args()
    if given.command == "check":
        return check()
    TEMPLATE.write_bytes(render(extract()))
    if given.add:
        file = LOCALE / f"{given.add}.po"
        if not file.exists():
            file.write_bytes(render(Catalog(locale=given.add.replace("-", "_"))))
    for file in translations():
        file.write_bytes(render(updated(file)))
    return 0


def extract() -> Catalog:
    """Return every message in the code and templates, with the files that use it."""
    catalog = Catalog(project="Briefing", fuzzy=False, header_comment=_HEADER)
    for folder in ("briefing", "templates"):
        found = extract_from_dir(
            ROOT / folder, _METHODS, keywords=_KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
        )
        for path, _, message, comments, context in found:
            place = (f"{folder}/{Path(path).as_posix()}", None)
            catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def translations() -> list[Path]:
    """Return the files of all translations."""
    return sorted(LOCALE.glob("*.po"))


def updated(file: Path) -> Catalog:
    """Return a translation with every message of the catalogue, and without those that are no longer in it."""
    catalog = _read(file)
    catalog.update(_read(TEMPLATE), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def check() -> int:
    """Print what is wrong with the catalogue and the translations; return 1 if anything is."""
    problems = list(_problems())
    for problem in problems:
        print(problem)
    return int(bool(problems))


def _problems() -> Iterator[str]:
    if TEMPLATE.read_bytes() != render(extract()):
        yield f"{_name(TEMPLATE)} is out of date: run scripts/messages update"
    for file in translations():
        catalog = _read(file)
        if file.read_bytes() != render(updated(file)):
            yield f"{_name(file)} is out of date: run scripts/messages update"
        for message, errors in catalog.check():
            yield from (f"{_name(file)}: {message.id!r}: {error}" for error in errors)
        missing = sum(1 for message in catalog if message.id and not _is_translated(message))
        if missing:
            yield f"{_name(file)}: {missing} of {len(catalog)} messages are not translated"


def _is_translated(message: Message) -> bool:
    # A message with a number has a text for each plural form.
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts)


def render(catalog: Catalog) -> bytes:
    """Return a catalogue as a PO file, the same each time: in the order of its messages, without the date."""
    data = BytesIO()
    write_po(data, catalog, omit_header=False, sort_output=True, width=120, include_lineno=False)
    lines = data.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not any(name in line for name in _LEFT_OUT)).encode()


def _read(file: Path) -> Catalog:
    with file.open("rb") as data:
        return read_po(data)


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
