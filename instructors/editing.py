"""How instructors are added and edited."""

from committees.scope import may_change
from common.desk.editing import Editing
from instructors.forms import InstructorForm, NewInstructorForm
from instructors.models import Instructor

INSTRUCTOR = Editing(Instructor, "指导员", InstructorForm, NewInstructorForm, "instructor", "instructors", may_change)
