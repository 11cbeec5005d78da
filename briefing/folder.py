"""A briefing's folder on disk: ``facts/``, ``templates/`` and ``docs/`` under one root. The only reader of files."""

from pathlib import Path

from briefing.compile import Inputs

FACTS, TEMPLATES, DOCS = "facts", "templates", "docs"


def read_inputs(root: Path) -> Inputs:
    """Read all that a site is made of. A template in the briefing's own folder goes before the packaged one."""
    return Inputs(
        facts={
            file.relative_to(root).as_posix(): file.read_bytes()
            for file in sorted((root / FACTS).rglob("*"))
            if file.is_file() and not file.name.startswith(".") and file.suffix in (".yml", ".yaml")
        },
        templates={**_read_templates(packaged_templates()), **_read_templates(root / TEMPLATES)},
        handwritten={
            file.relative_to(root / DOCS).as_posix(): file.read_text(encoding="utf-8")
            for file in sorted((root / DOCS).rglob("*.md"))
        },
    )


def pin_path(root: Path, source: str) -> Path:
    """Where the pin of a source stands."""
    return root / FACTS / "pins" / f"{source}.yml"


def packaged_templates() -> Path:
    """The templates that come with the package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / TEMPLATES
    return installed if installed.is_dir() else package.parent / TEMPLATES


def _read_templates(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.j2"))}
