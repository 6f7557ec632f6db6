from django.contrib import admin
from django.urls import include, path

from common.desk.listing import listing_paths
from common.desk.performing import action_paths
from coverage_tracker import accounts_pages, status, views
from coverage_tracker.records import committee_plan, details, inspections, search, seen, work
from coverage_tracker.records.erase import Erase
from coverage_tracker.records.listings import ENTERPRISES

handler400 = "coverage_tracker.views.bad_request"
handler403 = "coverage_tracker.views.forbidden"
handler404 = "coverage_tracker.views.not_found"
handler500 = "coverage_tracker.views.failed"

urlpatterns = [
    path("", views.start, name="start"),
    path("healthz", status.healthz, name="healthz"),
    path("readyz", status.readyz, name="readyz"),
    path("status/", status.status, name="status"),
    path("accounts/sheet/", accounts_pages.accounts_sheet_page, name="accounts-sheet"),
    path("accounts/sheet/template/", accounts_pages.accounts_sheet_template, name="accounts-sheet-template"),
    path("search/", search.search, name="search"),
    path("lookup/<slug:kind>/", search.lookup, name="lookup"),
    path("phones/<slug:kind>/<int:pk>/", views.phone, name="phone"),
    path("todo/", work.work, name="work"),
    path("enterprises/<int:pk>/", details.enterprise, name="enterprise"),
    path("organizations/<int:pk>/", details.organization, name="organization"),
    path("instructors/<int:pk>/", details.instructor, name="instructor"),
    path("members/<int:pk>/", details.member, name="member"),
    path("members/<int:pk>/seen/", seen.seen, name="member-seen"),
    path("members/<int:pk>/seen/export/", seen.seen_export, name="member-seen-export"),
    path("inspections/<int:pk>/", inspections.inspection, name="inspection"),
    *action_paths([Erase]),
    path("committees/<int:pk>/plan/", committee_plan.committee_plan, name="committee-plan"),
    *listing_paths(ENTERPRISES),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("committees.urls")),
    path("", include("enterprises.urls")),
    path("", include("organizations.urls")),
    path("", include("instructors.urls")),
    path("", include("ledgers.pages.urls")),
]
