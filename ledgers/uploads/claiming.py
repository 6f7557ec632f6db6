"""What forms claim that another committee holds, onto the list of conflicts (common/claiming.py)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee
from common import claiming
from common.identifiers import IdNumber
from common.text import name_key
from common.today import today
from enterprises.models import Enterprise
from ledgers.comparing.claims import Claim
from ledgers.kinds.people import claim_of_person
from ledgers.models import ConflictKind
from ledgers.uploads.asking import TooManyQuestions, may_ask
from ledgers.uploads.conflicts import raise_one
from organizations.models import Member


def offer() -> None:
    """Take what forms claim."""
    claiming.provide("ask", ask)
    claiming.provide("person", person)
    claiming.provide("enterprise", enterprise)


def ask(*, user: Any, doubtful: int = 0) -> None:
    """Whether the user may ask for an ID number today; raises ValidationError when it was too often wrong."""
    try:
        may_ask(user, doubtful)
    except TooManyQuestions as refused:
        refused.note()
        raise ValidationError(str(refused)) from None


def person(*, user: Any, committee: Committee, number: IdNumber, name: str, theirs: Member) -> None:
    """The committee says that somebody is its own whom another has."""
    claim = claim_of_person(number, name, theirs)
    ask(user=user, doubtful=int(claim.doubtful))
    raise_one(claim, committee, today())


@transaction.atomic
def enterprise(*, user: Any, committee: Committee, name: str, theirs: Enterprise) -> None:
    """The committee says that an enterprise is its own that is another's."""
    kind = ConflictKind.CLAIMED if name_key(name) == name_key(theirs.name) else ConflictKind.TWO_NAMES
    holder = theirs.jurisdictions.live_on(today()).first() or theirs.jurisdictions.order_by("-start").first()
    if holder is None:
        # Nobody answers for it: the district's own to place.
        raise ValidationError({"credit_code": claiming.SAID})
    raise_one(Claim(kind, theirs.credit_code or "", name, name, theirs.name, holder.committee_id), committee, today())
