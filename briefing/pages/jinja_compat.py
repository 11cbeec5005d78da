"""What we rely on in Jinja without its promise: how it compiles a template, and how a template appears in a traceback.

Nothing else in this package uses it. Each name has a contract test in ``tests/pages/test_jinja_compat.py``, so that a
release that changes one is noticed there and not in a site.
"""

from collections.abc import Callable, Iterator
from traceback import walk_tb

import jinja2
from jinja2.runtime import Context


def is_template(file: str) -> bool:
    """Return whether a frame's file is a template; Jinja calls one that comes from no file ``<template>``."""
    return file == "<template>" or not (file.startswith("<") or file.endswith(".py"))


def template_line(error: Exception) -> tuple[str, int] | None:
    """Return the file and line of the innermost template that an exception passed through; None where there is none.

    Jinja replaces its compiled code in a traceback with frames that have the template's own file and line.
    """
    found = None
    for frame, line in walk_tb(error.__traceback__):
        if is_template(frame.f_code.co_filename):
            found = (frame.f_code.co_filename, line)
    return found


def share_rendering(template: jinja2.Template, key: Callable[[Context], str | None]) -> None:
    """Render a template once for all contexts that have the same key; None: once for each.

    An included template is rendered by calling its root function, which Jinja compiles and does not describe.
    """
    render = template.root_render_func
    shared: dict[str, str] = {}

    def rendered(context: Context) -> Iterator[str]:
        name = key(context)
        if name is None:
            yield from render(context)
            return
        if name not in shared:
            shared[name] = "".join(render(context))
        yield shared[name]

    template.root_render_func = rendered
