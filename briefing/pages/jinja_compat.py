"""Undocumented behaviour of Jinja that we rely on: how it compiles a template, and how a template appears in a
traceback.

Only this module uses it. Each name has a contract test in ``tests/pages/test_jinja_compat.py``, so that a Jinja
release that changes the behaviour fails a test rather than a site.
"""

from collections.abc import Callable, Iterator
from traceback import walk_tb

import jinja2
from jinja2.runtime import Context


def is_template(file: str) -> bool:
    """Return whether a frame's file is a template. Jinja names a template that has no file ``<template>``."""
    return file == "<template>" or not (file.startswith("<") or file.endswith(".py"))


def template_line(error: Exception) -> tuple[str, int] | None:
    """Return the file and line of the innermost template that an exception passed through, or None.

    Jinja replaces its compiled code in a traceback with frames that have the template's file and line.
    """
    found = None
    for frame, line in walk_tb(error.__traceback__):
        if is_template(frame.f_code.co_filename):
            found = (frame.f_code.co_filename, line)
    return found


def share_rendering(template: jinja2.Template, key: Callable[[Context], str | None]) -> None:
    """Render a template once for all contexts that have the same key. With the key None, render it for each context.

    An included template is rendered by calling its root function, which is an undocumented result of compiling it.
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
