"""Where the files of a briefing and of this package are."""

from pathlib import Path, PurePosixPath

FACTS, TEMPLATES, DOCS = "facts", "templates", "docs"


def is_facts_file(path: str) -> bool:
    """Whether a file under ``facts/`` is one of the briefing's, by its name."""
    name = PurePosixPath(path).name
    return not name.startswith(".") and name.endswith((".yml", ".yaml"))


def pin_path(root: Path, source: str) -> Path:
    """Where the pin of a source stands."""
    return root / FACTS / "pins" / f"{source}.yml"


def theme_folders(root: Path) -> list[Path]:
    """Where files of the theme are looked for, first come first served: a briefing's own go before the packaged."""
    folders = (root / TEMPLATES / "theme", packaged_templates() / "theme")
    return [folder for folder in dict.fromkeys(folder.resolve() for folder in folders) if folder.is_dir()]


def packaged_templates() -> Path:
    """The templates that come with the package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / TEMPLATES
    return installed if installed.is_dir() else package.parent / TEMPLATES
