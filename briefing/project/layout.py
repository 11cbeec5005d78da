"""The paths of a briefing's files and of this package's files."""

from pathlib import Path, PurePosixPath

FACTS, TEMPLATES, DOCS = "facts", "templates", "docs"


def is_facts_file(path: str) -> bool:
    """Return whether a file under ``facts/`` contains records, judging by its name."""
    name = PurePosixPath(path).name
    return not name.startswith(".") and name.lower().endswith((".yml", ".yaml"))


def pin_path(root: Path, source: str) -> Path:
    """Return the path of a source's pin."""
    return root / FACTS / "pins" / f"{source}.yml"


def theme_folders(root: Path) -> list[Path]:
    """Return the theme's folders in order of precedence: the briefing's own, then the packaged one."""
    folders = (root / TEMPLATES / "theme", packaged_templates() / "theme")
    return [folder for folder in dict.fromkeys(folder.resolve() for folder in folders) if folder.is_dir()]


def packaged_templates() -> Path:
    """Return the folder of the packaged templates: in the package if installed, next to it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / TEMPLATES
    return installed if installed.is_dir() else package.parent / TEMPLATES
