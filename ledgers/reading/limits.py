"""How large a file may be. Kept apart so that the child imports no Django."""

MIB = 1024 * 1024

FILE_BYTES = 20 * MIB
INFLATED_BYTES = 200 * MIB
# A part above RATIO_FROM may not unpack to more than RATIO times its size.
RATIO, RATIO_FROM = 150, 10 * MIB
ARCHIVE_MEMBERS = 2_000
ROWS, COLUMNS = 50_000, 256
CELL_CHARACTERS = 32_767
SECONDS = 20
# Address space of the child: calamine's arrays of a full-size sheet fit well.
CHILD_MEMORY = 1536 * MIB
# With what a child ends that had no room on the disk for its answer.
NO_ROOM = 28
# What the child may hand over, as JSON.
ANSWER_BYTES = 256 * MIB
