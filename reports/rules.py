"""What the department decides about counting. Everything else is fixed by the plan."""

from dataclasses import dataclass, field

from django.conf import settings

INSTRUCTOR, MEMBER, MASS_ORGANIZATION = "instructor", "member", "mass_organization"


@dataclass(frozen=True)
class Rules:
    """`work_routes` are the ways, besides an organization, that count as 党的工作覆盖 (rule 3)."""

    count_probationary: bool = False
    work_routes: frozenset[str] = field(default_factory=lambda: frozenset({INSTRUCTOR}))
    # 以上 includes the number itself (民法典 art. 1259).
    members_to_establish: int = 3
    employees_threshold: int = 50


def current_rules() -> Rules:
    """The rules as the settings have them. An instructor always counts."""
    return Rules(
        count_probationary=settings.COUNT_PROBATIONARY_MEMBERS,
        work_routes=frozenset({INSTRUCTOR, *settings.WORK_COVERAGE_ROUTES}),
    )
