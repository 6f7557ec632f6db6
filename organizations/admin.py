from typing import ClassVar

from django.contrib import admin

from common.desk.admin import RegisterAdmin
from organizations.models import (
    Amount,
    Cover,
    Event,
    FormerOrganization,
    Inspection,
    Liaison,
    Member,
    MemberPlacement,
    MemberStage,
    Nomination,
    PartyOrganization,
    SecretaryTerm,
    State,
)


@admin.register(PartyOrganization)
class PartyOrganizationAdmin(RegisterAdmin):
    identities = (("committee", "name"),)
    list_display = ["name", "committee", "kind", "form", "subordination", "established_on", "dissolved_on"]
    list_filter = ["committee", "kind", "form", "subordination"]
    search_fields = ["name"]
    list_select_related = ["committee"]


@admin.register(Nomination)
class NominationAdmin(RegisterAdmin):
    list_display = ["__str__", "code", "state", "recommended_on", "awarded_on", "document"]
    list_filter = ["state", "code"]
    search_fields = ["organization__name", "enterprise__name"]
    list_select_related = ["organization", "enterprise", "member"]
    autocomplete_fields = ["organization", "enterprise", "member"]
    readonly_fields = ["state", "recommended_by", "reviewed_on", "reviewed_by", "said", "document", "awarded_on"]


@admin.register(Inspection)
class InspectionAdmin(RegisterAdmin):
    list_display = ["__str__", "form", "inspected_on", "due_on", "reported_on", "closed_on"]
    list_filter = ["form"]
    search_fields = ["committee__name", "organization__name", "enterprise__name"]
    list_select_related = ["committee", "organization", "enterprise"]
    autocomplete_fields = ["committee", "organization", "enterprise"]
    # How it goes on is for the actions to say (organizations/inspect.py).
    readonly_fields = ["entered_by", "outcome", "reported_on", "reported_by", "returned", "closed_on", "closed_by"]


@admin.register(Cover)
class CoverAdmin(RegisterAdmin):
    list_display = ["organization", "enterprise", "start", "end"]
    autocomplete_fields = ["organization", "enterprise"]
    search_fields = ["organization__name", "enterprise__name"]
    list_select_related = ["organization", "enterprise"]


@admin.register(FormerOrganization)
class FormerOrganizationAdmin(RegisterAdmin):
    list_display = ["organization", "committee", "name", "kind", "form", "end"]
    autocomplete_fields = ["organization"]
    search_fields = ["organization__name", "name"]
    list_select_related = ["organization", "committee"]


@admin.register(SecretaryTerm)
class SecretaryTermAdmin(RegisterAdmin):
    list_display = ["name", "organization", "source", "start", "end", "term_ends_on"]
    list_filter = ["source"]
    autocomplete_fields = ["organization"]
    search_fields = ["name", "organization__name"]
    list_select_related = ["organization"]


@admin.register(Member)
class MemberAdmin(RegisterAdmin):
    of_persons = True
    # The phone is personal: not in the list, nor in files.
    identities = (("committee", "name", "born_on"),)
    not_in_files = ("phone", "id_fingerprint")
    list_display = ["name", "committee", "sex", "education", "told_apart"]
    list_filter = ["committee", "sex"]
    search_fields = ["name"]
    list_select_related = ["committee"]


class MemberFactAdmin(RegisterAdmin):
    of_persons = True
    autocomplete_fields = ["member"]
    search_fields = ["member__name"]
    list_select_related = ["member"]


@admin.register(MemberStage)
class MemberStageAdmin(MemberFactAdmin):
    list_display = ["member", "stage", "start", "end"]
    list_filter = ["stage"]


@admin.register(MemberPlacement)
class MemberPlacementAdmin(MemberFactAdmin):
    list_display = ["member", "enterprise", "organization", "position_group", "start", "end"]
    autocomplete_fields = ["member", "enterprise", "organization"]
    list_filter = ["position_group"]
    list_select_related = ["member", "enterprise", "organization"]


class ItemFactAdmin(RegisterAdmin):
    list_filter = ["code"]
    autocomplete_fields = ["organization", "enterprise", "instructor", "member"]
    search_fields = ["organization__name", "enterprise__name", "note"]
    list_select_related = ["organization", "enterprise", "instructor", "member", "committee"]
    _whose: ClassVar[list[str]] = ["code", "organization", "enterprise", "instructor", "member", "committee", "person"]


@admin.register(State)
class StateAdmin(ItemFactAdmin):
    list_display = [*ItemFactAdmin._whose, "start", "end", "note"]


@admin.register(Event)
class EventAdmin(ItemFactAdmin):
    list_display = [*ItemFactAdmin._whose, "start", "topic", "people"]


@admin.register(Amount)
class AmountAdmin(ItemFactAdmin):
    list_display = [*ItemFactAdmin._whose, "start", "channel", "amount"]


@admin.register(Liaison)
class LiaisonAdmin(RegisterAdmin):
    list_display = ["name", "post", "organization", "start", "end"]
    autocomplete_fields = ["organization"]
    search_fields = ["name", "organization__name"]
    list_select_related = ["organization"]
