"""What identifies a state of the briefing: its address, its date, and a hash of its content."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from briefing.model import routes
from briefing.text.edtf import Edtf

# How many hexadecimal digits of a hash a reader is shown.
SHORT = 12


class Exported(BaseModel):
    """A part of a download. It has only the fields described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Revision(Exported):
    """The state of the facts in version control."""

    commit: str = Field(description="The hash of the last commit that changed the facts.")
    date: str = Field(description="The date and time of that commit in UTC (RFC 3339).")
    modified: bool = Field(description="Whether the facts have uncommitted changes.")


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the briefing. ``site`` is its address, with a slash at its end (empty: not said); ``date`` the day
    of its last review, or else its information cutoff; ``digest`` the hash of its records (see ``hashed``).
    """

    title: str
    date: Edtf
    site: str
    digest: str
    revision: Revision | None = None

    @property
    def version(self) -> str:
        """The start of the hash: enough to tell two editions apart."""
        return self.digest[:SHORT]

    @property
    def host(self) -> str:
        """The name of the machine that serves it; empty where no address is said."""
        return urlsplit(self.site).hostname or ""

    @property
    def slug(self) -> str:
        """The title as a name for machines."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-") or "briefing"

    def url(self, path: str) -> str:
        """The address of a page or file of the site; from the site's root where the site's own is not said."""
        return f"{self.site}{routes.served(path)}"


def hashed(records: Mapping[str, object]) -> str:
    """SHA-256 over canonical JSON: keys sorted, no white space, UTF-8. In hexadecimal digits."""
    # Anyone must be able to compute the hash again from the records in the JSON, in any language.
    text = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
