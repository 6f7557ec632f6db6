"""The named actions on instructors and assignments, in the order of their buttons."""

from committees.scope import may_change
from common.desk.actions import Action
from common.desk.correct import Correction
from instructors.assign import Assign, AssignTo, EndAssignment, not_our_assignment
from instructors.models import Assignment
from instructors.office import Extend, Leave, TakeBackLeaving


class CorrectAssignment(Correction):
    model = Assignment
    allowed, refuses = staticmethod(may_change), staticmethod(not_our_assignment)


ACTIONS: list[type[Action]] = [
    Assign,
    AssignTo,
    Extend,
    Leave,
    TakeBackLeaving,
    EndAssignment,
    CorrectAssignment,
]
