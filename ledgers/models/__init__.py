from ledgers.models.conflicts import Conflict, ConflictKind
from ledgers.models.uploads import (
    OPEN,
    RUNNING,
    SILENCE,
    WAITING,
    ColumnMapping,
    Upload,
    UploadQuerySet,
    UploadState,
    WordMeaning,
    WorkerSeen,
)

__all__ = [
    "OPEN",
    "RUNNING",
    "SILENCE",
    "WAITING",
    "ColumnMapping",
    "Conflict",
    "ConflictKind",
    "Upload",
    "UploadQuerySet",
    "UploadState",
    "WordMeaning",
    "WorkerSeen",
]
