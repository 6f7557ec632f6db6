from ledgers.models.conflicts import Conflict, ConflictKind
from ledgers.models.registrations import FindingKind, FindingState, RegistrationFinding
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
    "FindingKind",
    "FindingState",
    "RegistrationFinding",
    "Upload",
    "UploadQuerySet",
    "UploadState",
    "WordMeaning",
    "WorkerSeen",
]
