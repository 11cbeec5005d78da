"""Read a briefing's folder: the public names of ``briefing.project.reader``."""

from briefing.project.reader import UnreadableFile, read_inputs

__all__ = ["UnreadableFile", "read_inputs"]
