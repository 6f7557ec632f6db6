"""Files to grids. Uploaded workbooks are hostile or broken, so they are opened in a child process."""

from ledgers.reading.grid import CellFault, Sheet
from ledgers.reading.sandbox import UnreadableFile, annotate, read_file

__all__ = ["CellFault", "Sheet", "UnreadableFile", "annotate", "read_file"]
