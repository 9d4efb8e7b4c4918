"""What can go wrong, as a person should read it.

NewsdeskError
├── ArchiveError
│   ├── ArchiveMissing      nothing was indexed there yet
│   ├── ArchiveBusy         another process is changing it
│   ├── ArchiveFormat       it was written by a newer newsdesk
│   ├── ArchiveDamaged      what it holds is not what was written
│   │   └── IndexDamaged    what is derived from it is not; it is made anew
│   ├── ArchiveFull         the disk has no space left for it
│   └── EncoderMismatch     it was built with another encoder
├── EncoderError            a model cannot be found, loaded or trusted
├── SourceError
│   ├── PathMissing         a path to sync is not there
│   ├── PathEmpty           a path to sync holds nothing readable
│   └── MappingError        a field mapping names what is not a field
└── RemovalRefused          a sync would remove more than a third

Each message says what happened, where, and the command or setting that mends it.
"""

from __future__ import annotations


class NewsdeskError(Exception):
    """Base of all errors meant for a person; ``str(error)`` is one line."""


class ArchiveError(NewsdeskError):
    """The archive cannot be used as asked."""


class ArchiveMissing(ArchiveError):
    """There is no archive at the given place."""


class ArchiveBusy(ArchiveError):
    """Another process is changing the archive."""


class ArchiveFormat(ArchiveError):
    """The archive's format is newer than this program, or no archive's at all."""


class ArchiveDamaged(ArchiveError):
    """Something in the archive's database is not as it was written."""


class IndexDamaged(ArchiveDamaged):
    """Something that is derived from the archive's database is not as it was written; it is made anew."""


class ArchiveFull(ArchiveError):
    """There is no space left on the archive's disk."""


class EncoderMismatch(ArchiveError):
    """The archive's vectors were made by another encoder."""


class EncoderError(NewsdeskError):
    """The encoder cannot be found, loaded or trusted."""


class SourceError(NewsdeskError):
    """What was to be synced cannot be."""


class PathMissing(SourceError):
    """A path to sync does not exist."""


class PathEmpty(SourceError):
    """A path to sync holds no file that newsdesk reads."""


class MappingError(SourceError):
    """A field mapping names something that is not a field of an article."""


class RemovalRefused(NewsdeskError):
    """A sync would remove more than a third of the archive or of what came from a path."""
