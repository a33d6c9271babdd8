"""Backup and restore: one file with store, lake, recall and key; restoring re-applies the erasure journal."""

from .reading import Restored, UnusableBackup, restore
from .writing import Backup, write_backup

__all__ = ["Backup", "Restored", "UnusableBackup", "restore", "write_backup"]
