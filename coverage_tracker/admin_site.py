"""The Django admin is for administrators (superusers) only; everyone else works in the pages."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

# Roles take the place of groups, tasks are seen by their uploads, second factors are set up by their owners.
_NOT_OURS = {"auth", "django_tasks_database", "otp_totp", "otp_static"}


class AdministratorsSite(AdminSite):
    site_header = site_title = "非公企业党建覆盖 · 系统管理"
    index_title = "系统管理"

    def __init__(self, name: str = "admin"):
        super().__init__(name)
        # Nothing that was counted vanishes.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what is the product's own."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label not in _NOT_OURS]
        if ours:
            super().register(ours, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one way in, with its throttle and second factor."""
        # Not before the apps are loaded.
        from django.contrib.auth.views import redirect_to_login

        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            # Signing in again would lead here again.
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """One's own password has one page, which counts wrong old ones."""
        return redirect("password_change")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's; a NUL in the address, which PostgreSQL cannot compare, is a request that makes no sense."""
        answer = super().admin_view(view, cacheable)

        @wraps(answer)
        def without_nul(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\x00" in value for values in request.GET.lists() for value in (values[0], *values[1])):
                raise BadRequest
            return answer(request, *args, **kwargs)

        return without_nul

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


class AdministratorsConfig(AdminConfig):
    default_site = "coverage_tracker.admin_site.AdministratorsSite"
