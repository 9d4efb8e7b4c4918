"""Where articles come from: files and folders in many formats, cleaned."""

from index.sources.articles import CLEANING_VERSION, read
from index.sources.candidates import Candidate, walk
from index.sources.fields import FieldMapping
from index.sources.limits import Limits

__all__ = ["CLEANING_VERSION", "Candidate", "FieldMapping", "Limits", "read", "walk"]
