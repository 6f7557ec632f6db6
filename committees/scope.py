"""Who sees what. Every door asks these questions; the default answer is nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, Q

Rows = TypeVar("Rows", bound=models.QuerySet)


class Role(models.TextChoices):
    DISTRICT = "district", "区委组织部"
    DISTRICT_VIEWER = "district_viewer", "区委组织部（只读）"
    COMMITTEE = "committee", "党（工）委"
    COMMITTEE_VIEWER = "committee_viewer", "党（工）委（只读）"


def sees_all(user: Any) -> bool:
    """Whether the user sees every committee: an active superuser or district role."""
    return user.is_active and (user.is_superuser or getattr(user, "role", "") in {Role.DISTRICT, Role.DISTRICT_VIEWER})


def own_committee_id(user: Any) -> int | None:
    """The committee whose rows are the user's own, or None: anonymous, inactive or unassigned."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return None
    if user.role in {Role.COMMITTEE, Role.COMMITTEE_VIEWER}:
        own: int | None = user.committee_id
        return own
    return None


def of_a_line(user: Any) -> bool:
    """Whether the user's committee is that of an industry line, whose organizations stand under several places."""
    return own_committee_id(user) is not None and user.committee.kind == "industry_line"


def sees_persons(user: Any) -> bool:
    """Whether the user may learn who belongs to the party: by a role of the district, or of a committee for its own.
    An administrator who keeps the system running need not, unless also of the district."""
    if not user.is_active:
        return False
    return getattr(user, "role", "") in _DISTRICT or (not user.is_superuser and own_committee_id(user) is not None)


_DISTRICT = {Role.DISTRICT, Role.DISTRICT_VIEWER}


def may_change_persons(user: Any) -> bool:
    """Whether the user may change rows of persons, or hand files with persons in."""
    return may_change(user) and sees_persons(user)


def may_change(user: Any) -> bool:
    """Whether the user may change rows: the roles that only read may not."""
    if sees_all(user):
        return bool(user.is_superuser or user.role == Role.DISTRICT)
    return own_committee_id(user) is not None and user.role == Role.COMMITTEE


def may_settle(user: Any) -> bool:
    """Whether the user decides for the district: targets, exclusions, conflicts, transfers."""
    return sees_all(user) and may_change(user)


def require(allowed: bool) -> None:
    """Answer 403 unless `allowed`. Only for what the user may know exists; rows of others are 404."""
    if not allowed:
        raise PermissionDenied


def scoped(queryset: Rows, user: Any, own: Callable[[int], Q | Exists]) -> Rows:
    """`queryset` as `user` sees it.

    `own` is a function from a committee's id to the Q that picks that committee's rows.
    """
    if sees_all(user):
        return queryset
    committee_id = own_committee_id(user)
    return queryset.none() if committee_id is None else queryset.filter(own(committee_id))


def scoped_persons(queryset: Rows, user: Any, own: Callable[[int], Q | Exists]) -> Rows:
    """As `scoped`, of rows that are persons or tell of them: nothing for an administrator without a role."""
    return scoped(queryset, user, own) if sees_persons(user) else queryset.none()


def by_committee(committee_id: int) -> Q:
    """Rows that carry the committee themselves."""
    return Q(committee_id=committee_id)
