from django.contrib import admin

from common.desk.admin import RegisterAdmin
from instructors.models import Assignment, Instructor


@admin.register(Instructor)
class InstructorAdmin(RegisterAdmin):
    identities = (("committee", "name", "phone"), ("committee", "name"))
    list_display = ["name", "committee", "unit", "full_time", "left_on"]
    list_filter = ["committee", "full_time"]
    search_fields = ["name", "unit"]
    list_select_related = ["committee"]


@admin.register(Assignment)
class AssignmentAdmin(RegisterAdmin):
    list_display = ["instructor", "enterprise", "start", "end"]
    autocomplete_fields = ["instructor", "enterprise"]
    search_fields = ["instructor__name", "enterprise__name"]
    list_select_related = ["instructor", "enterprise"]
