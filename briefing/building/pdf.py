"""Print the single file as a tagged PDF with Chromium."""

import io
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TIMEOUT = 300  # seconds
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing is fetched
    "--font-render-hinting=none",  # letters stand where the font says, which packs better
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
)


class PdfUnavailable(Exception):
    """What is missing to make a PDF, and how to get it."""


def chromium() -> str | None:
    """A Chromium on this machine: what the variable CHROMIUM names, or one on the path."""
    return os.environ.get("CHROMIUM") or next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def need_pdf() -> str:
    """The Chromium that will print. Raises PdfUnavailable, before any work is done in vain."""
    browser = chromium()
    if not browser:
        raise PdfUnavailable(
            "no Chromium was found to print the PDF: install one (Debian: apt install chromium), or name it in CHROMIUM"
        )
    try:
        import pikepdf  # noqa: F401
    except ImportError:
        raise PdfUnavailable("pikepdf is needed to pack the PDF: pip install pikepdf") from None
    return browser


def make_pdf(html: str, seconds: int) -> bytes:
    """The document as PDF, dated ``seconds`` after 1970. Raises PdfUnavailable where the means are missing or fail."""
    browser = need_pdf()
    import pikepdf

    with tempfile.TemporaryDirectory(prefix="briefing-") as folder:
        source, printed = Path(folder, "book.html"), Path(folder, "book.pdf")
        source.write_text(html, encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *_FLAGS, profile, f"--print-to-pdf={printed}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PdfUnavailable(f"{browser} could not print: {error}") from None
        if not printed.exists():
            raise PdfUnavailable(f"{browser} printed nothing: {done.stderr.strip()[-500:]}")
        packed = io.BytesIO()
        with pikepdf.open(printed) as document:
            created = datetime.fromtimestamp(seconds, UTC).strftime("D:%Y%m%d%H%M%SZ")
            document.docinfo["/CreationDate"] = document.docinfo["/ModDate"] = created
            document.save(
                packed,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=True,
                deterministic_id=True,
            )
    return packed.getvalue()
