"""The identity of one state of the briefing: its address, its date, and a hash of its content."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from briefing.model import routes
from briefing.text.edtf import Edtf

# The number of hexadecimal digits of a hash that readers see.
SHORT = 12


class Exported(BaseModel):
    """A part of a download. It has only the described fields."""

    # Few commands use the validators, so each is built when it is used.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Revision(Exported):
    """The state of the facts in version control."""

    commit: str = Field(description="The hash of the last commit that changed the facts.")
    date: str = Field(description="The date and time of that commit in UTC (RFC 3339).")
    modified: bool = Field(description="Whether the facts have uncommitted changes.")


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the briefing.

    ``site`` is its address with a slash at the end, or an empty string if unknown. ``date`` is the day of the last
    review or, failing that, the information cutoff. ``digest`` is the hash of its records (see ``hashed``).
    ``authors``, ``organisation`` and ``report_errors`` are empty if not given.
    """

    title: str
    date: Edtf
    site: str
    digest: str
    revision: Revision | None = None
    authors: tuple[str, ...] = ()
    organisation: str = ""
    report_errors: str = ""

    @property
    def version(self) -> str:
        """The start of the hash, long enough to tell editions apart."""
        return self.digest[:SHORT]

    @property
    def host(self) -> str:
        """The name of the site's host, or an empty string if the address is unknown."""
        return urlsplit(self.site).hostname or ""

    @property
    def slug(self) -> str:
        """The title in a form for file names and identifiers."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-") or "briefing"

    def url(self, path: str) -> str:
        """Return the address of a page or file of the site, or its path from the site's root if the site's address is
        unknown.
        """
        return f"{self.site}{routes.served(path)}"


def hashed(records: Mapping[str, object]) -> str:
    """Return the SHA-256 hash, in hexadecimal, of canonical JSON: UTF-8 with sorted keys and no whitespace."""
    # Programs in any language must be able to compute the hash again from the records in the JSON.
    text = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
