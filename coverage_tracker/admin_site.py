"""The Django admin is for administrators (superusers) only; everyone else works in the pages."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class AdministratorsSite(AdminSite):
    site_header = site_title = "非公企业党建覆盖 · 系统管理"
    index_title = "系统管理"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


class AdministratorsConfig(AdminConfig):
    default_site = "coverage_tracker.admin_site.AdministratorsSite"
