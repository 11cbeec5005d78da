"""Whether an exception is a bug in this package, and the request to report it."""

from collections import Counter
from traceback import walk_tb

import briefing
from briefing.pages.jinja_compat import is_template

_PACKAGE = briefing.__file__.removesuffix("__init__.py")
# where an engine calls plugins and hooks, of which we are one
_DISPATCH = ("mkdocs.plugins", "properdocs.plugins")


def is_ours(error: Exception) -> bool:
    """Whether our code raised it, by itself or in a library, and no template, plugin or hook that it ran."""
    files: list[str] = []
    ours = False
    for frame, _ in walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        files.append(file)
        if is_template(file) or frame.f_globals.get("__name__") in _DISPATCH:
            ours = False
        elif file.startswith(_PACKAGE):
            ours = True
    if files and isinstance(error, RecursionError):
        # which call was one too many is chance: what repeats itself is to blame
        file = Counter(files).most_common(1)[0][0]
        return file.startswith(_PACKAGE) and not is_template(file)
    return ours


def request_report(error: Exception) -> None:
    """Let an exception that is a bug of ours say so, below its traceback; others, and faults of the system, stay."""
    request = (
        f"This is a bug in Briefing {briefing.__version__}, not in your facts. Please report it with the lines above."
    )
    if is_ours(error) and not isinstance(error, OSError) and request not in getattr(error, "__notes__", ()):
        error.add_note(request)
