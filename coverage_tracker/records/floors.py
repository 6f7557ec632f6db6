"""What all floors offer for any record: the actions on it and the panels of its page."""

from committees.responsible import ACTIONS as OF_COMMITTEES
from committees.responsible import PANELS as COMMITTEE_PANELS
from common.desk.actions import Action
from common.desk.panels import Panel
from coverage_tracker.records.erase import Erase
from enterprises.actions import ACTIONS as OF_ENTERPRISES
from enterprises.panels import PANELS as REGISTER_PANELS
from instructors.actions import ACTIONS as OF_INSTRUCTORS
from instructors.panels import PANELS as INSTRUCTOR_PANELS
from organizations.actions import ACTIONS as OF_ORGANIZATIONS
from organizations.panels import PANELS as ORGANIZATION_PANELS

ACTIONS: list[type[Action]] = [*OF_INSTRUCTORS, *OF_ORGANIZATIONS, *OF_ENTERPRISES, *OF_COMMITTEES, Erase]
PANELS: list[type[Panel]] = [*COMMITTEE_PANELS, *REGISTER_PANELS, *ORGANIZATION_PANELS, *INSTRUCTOR_PANELS]
