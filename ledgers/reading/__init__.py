"""Files to grids. Uploaded workbooks are hostile or broken, so they are opened in a child process."""

from ledgers.reading.grid import CellFault, Sheet
from ledgers.reading.sandbox import ReaderUnavailable, UnreadableFile, annotate, read_file, reads

__all__ = ["CellFault", "ReaderUnavailable", "Sheet", "UnreadableFile", "annotate", "read_file", "reads"]
