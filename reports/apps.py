from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reports.rules import ROUTES


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "覆盖与目标"

    def ready(self) -> None:
        from reports import effects  # noqa: F401 - it names itself to the pages of actions

        self.refuse_unknown_routes()

    def refuse_unknown_routes(self) -> None:
        """A route that nobody knows would silently count nothing."""
        if strange := sorted(set(settings.WORK_COVERAGE_ROUTES) - set(ROUTES)):
            raise ImproperlyConfigured(f"WORK_COVERAGE_ROUTES: {', '.join(strange)}: not one of {', '.join(ROUTES)}")
