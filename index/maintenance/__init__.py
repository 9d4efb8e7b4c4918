"""Keeping an archive whole: find damage, mend it, copy it, have it encoded again."""

from index.maintenance.backup import backup
from index.maintenance.reencode import reencode
from index.maintenance.repair import repair
from index.maintenance.verify import verify

__all__ = ["backup", "reencode", "repair", "verify"]
