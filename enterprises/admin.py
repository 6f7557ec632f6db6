from django.contrib import admin

from common.desk.admin import RegisterAdmin
from enterprises.models import (
    BaseExclusion,
    Enterprise,
    ExclusionRequest,
    FormerEnterprise,
    Headcount,
    Jurisdiction,
    MassOrganization,
)


@admin.register(Enterprise)
class EnterpriseAdmin(RegisterAdmin):
    identities = (("credit_code",), ("name",))
    list_display = ["name", "credit_code", "ownership", "registered_on", "closed_on"]
    list_filter = ["ownership", "industry_section", "above_scale"]
    search_fields = ["name", "credit_code", "former_names"]
    date_hierarchy = "registered_on"


class EnterpriseFactAdmin(RegisterAdmin):
    autocomplete_fields = ["enterprise"]
    search_fields = ["enterprise__name", "enterprise__credit_code"]
    list_select_related = ["enterprise"]


@admin.register(Jurisdiction)
class JurisdictionAdmin(EnterpriseFactAdmin):
    list_display = ["enterprise", "committee", "start", "end"]
    list_filter = ["committee"]
    list_select_related = ["enterprise", "committee"]


@admin.register(BaseExclusion)
class BaseExclusionAdmin(EnterpriseFactAdmin):
    list_display = ["enterprise", "reason", "start", "end", "evidence"]
    list_filter = ["reason"]


@admin.register(ExclusionRequest)
class ExclusionRequestAdmin(EnterpriseFactAdmin):
    list_display = ["enterprise", "reason", "start", "review_on", "state", "asked_by", "decided_by"]
    list_filter = ["state", "reason"]
    list_select_related = ["enterprise", "asked_by", "decided_by"]
    readonly_fields = ["state", "asked_by", "asked_on", "decided_by", "decided_on", "said"]


@admin.register(Headcount)
class HeadcountAdmin(EnterpriseFactAdmin):
    list_display = ["enterprise", *Headcount.NUMBERS, "start", "end"]


@admin.register(FormerEnterprise)
class FormerEnterpriseAdmin(EnterpriseFactAdmin):
    list_display = ["enterprise", "name", "ownership", "village", "end"]


@admin.register(MassOrganization)
class MassOrganizationAdmin(EnterpriseFactAdmin):
    list_display = ["enterprise", "kind", "form", "start", "end"]
    list_filter = ["kind", "form"]
