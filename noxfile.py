#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.2.9"]
# ///
"""Shortcuts for nox users. Each session runs a script from `scripts/`, which sets up its own environment."""

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "none"


@nox.session
def quick(session: nox.Session) -> None:
    """Run the linters and the fast tests."""
    session.run("./scripts/test", "--quick", *session.posargs, external=True)


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """Run linters, the type checker and all tests."""
    session.run("./scripts/test", *session.posargs, external=True)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Check the facts and build the site."""
    session.run("./scripts/build", *session.posargs, external=True)


if __name__ == "__main__":
    nox.main()
