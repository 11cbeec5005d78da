"""Recognise exceptions that are bugs in this package, and ask for a report."""

from collections import Counter
from traceback import walk_tb

import briefing
from briefing.pages.jinja_compat import is_template

_PACKAGE = briefing.__file__.removesuffix("__init__.py")
# Here an engine calls plugins and hooks, including ours.
_DISPATCH = ("mkdocs.plugins", "properdocs.plugins")


def is_ours(error: Exception) -> bool:
    """Return whether our code raised the exception, directly or through a library, rather than a template, plugin or
    hook that it ran.
    """
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
        # The last call in endless recursion is arbitrary, so look for the frames that repeat.
        file = Counter(files).most_common(1)[0][0]
        return file.startswith(_PACKAGE) and not is_template(file)
    return ours


def request_report(error: Exception) -> None:
    """Print a request for a report below the traceback of an exception that is our bug. Pass on other exceptions
    unchanged.
    """
    request = (
        f"This is a bug in Briefing {briefing.__version__}, not in your facts. Please report it with the lines above."
    )
    if is_ours(error) and not isinstance(error, OSError) and request not in getattr(error, "__notes__", ()):
        error.add_note(request)
