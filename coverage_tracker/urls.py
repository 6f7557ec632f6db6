from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from coverage_tracker import bulk, pages, search, views

handler400 = "coverage_tracker.views.bad_request"
handler403 = "coverage_tracker.views.forbidden"
handler404 = "coverage_tracker.views.not_found"
handler500 = "coverage_tracker.views.failed"

urlpatterns = [
    path("", views.start, name="start"),
    path("accounts/login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path("accounts/password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("search/", search.search, name="search"),
    path("enterprises/bulk/<slug:what>/", bulk.enterprises, name="enterprises-bulk"),
    path("enterprises/new/", pages.enterprise_new, name="enterprise-new"),
    path("enterprises/<int:pk>/", pages.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/edit/", pages.enterprise_edit, name="enterprise-edit"),
    path("organizations/<int:pk>/", pages.organization, name="organization"),
    path("instructors/<int:pk>/", pages.instructor, name="instructor"),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("committees.urls")),
    path("", include("enterprises.urls")),
    path("", include("organizations.urls")),
    path("", include("instructors.urls")),
    path("", include("ledgers.urls")),
]
