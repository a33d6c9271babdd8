"""The content library at work: setting items one by one or from a file, checked to sell nothing."""

from .setting import read_item, refused, set_item
from .taking import ItemReport, LibraryReport, read_library, take_library

__all__ = ["ItemReport", "LibraryReport", "read_item", "read_library", "refused", "set_item", "take_library"]
