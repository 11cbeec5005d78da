"""Files that speed up a later run, in ``.cache/briefing`` below the briefing."""

import tempfile
from contextlib import suppress
from pathlib import Path


def read_cache(root: Path, name: str) -> bytes:
    """What was kept under a name; empty where nothing is."""
    try:
        return (root / CACHE / name).read_bytes() if is_safe_cache_file(root, name) else b""
    except OSError:
        return b""


def make_cache(root: Path) -> bool:
    """Make the folder of what is kept, which git leaves alone; whether there is one, and no link to somewhere else."""
    folder = root / CACHE
    if folder.parent.is_symlink() or folder.is_symlink():
        return False
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), (folder / MARK).open("x", encoding="utf-8") as mark:  # follows no link
            mark.write("*\n")
    return is_safe_cache_file(root, MARK)


def write_cache(root: Path, name: str, data: bytes) -> None:
    """Keep a file for a later run, whole; where that cannot be, nothing is kept."""
    file = root / CACHE / name
    if not make_cache(root):
        return
    with suppress(OSError):
        for left in file.parent.glob(f"{name}.*~"):  # by a run that was killed; one at work keeps nothing, then
            left.unlink()
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{name}.", suffix="~", delete=False) as aside:
            try:
                aside.write(data)
                aside.flush()
                Path(aside.name).replace(file)
            except BaseException:
                Path(aside.name).unlink(missing_ok=True)
                raise


CACHE = Path(".cache", "briefing")
MARK = ".gitignore"


def is_safe_cache_file(root: Path, name: str) -> bool:
    """Whether what is kept under a name is a file in the briefing's own folder: no pipe, and no link to elsewhere."""
    file = root / CACHE / name
    return file.is_file() and not any(part.is_symlink() for part in (file, file.parent, file.parent.parent))
