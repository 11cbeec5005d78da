"""Print the single file as a tagged PDF with Chromium."""

import io
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

# The headless shell comes first: it opens a page in a third of the time, and prints the same text on the same pages.
CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
TIMEOUT = 300  # seconds
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing is fetched
    "--font-render-hinting=none",  # letters are placed as the font specifies, which compresses better
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
)


class PdfUnavailable(Exception):
    """The PDF cannot be made; the message has the reason and what to install."""


def chromium() -> str | None:
    """Return the Chromium on this machine: the one in the variable CHROMIUM, or one on the path."""
    return os.environ.get("CHROMIUM") or next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def need_pdf() -> str:
    """Return the Chromium to print with. Raises PdfUnavailable; call it first to fail early."""
    browser = chromium()
    if not browser:
        raise PdfUnavailable(
            "--pdf needs Chromium: install it (Debian: apt install chromium), or set CHROMIUM to its path"
        )
    try:
        import pikepdf  # noqa: F401
    except ImportError:
        raise PdfUnavailable("--pdf needs pikepdf: pip install pikepdf") from None
    return browser


def make_pdf(html: str, seconds: int) -> bytes:
    """Return the document as a PDF with this creation date (Unix time). Raises PdfUnavailable."""
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
            raise PdfUnavailable(f"{browser} could not print the PDF: {error}") from None
        if not printed.exists():
            raise PdfUnavailable(f"{browser} wrote no PDF: {done.stderr.strip()[-500:]}")
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
