from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "覆盖与目标"

    def ready(self) -> None:
        from reports import effects  # noqa: F401 - it names itself to the pages of actions

        post_migrate.connect(load_first_plan, sender=self)


def load_first_plan(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """A database without clauses gets the plan that is shipped, as Django gives one its permissions: so one that is
    new, one that is emptied by a test, and one that was made when the plan was code."""
    from common.plan import Clause
    from reports.models import CountingRules
    from reports.plan_file import FIRST, load

    # Of a migration that stops half-way the tables may not be there yet.
    tables = set(connections[using].introspection.table_names())
    ready = {model._meta.db_table for model in (Clause, CountingRules)} <= tables
    if settings.LOAD_FIRST_PLAN and using == DEFAULT_DB_ALIAS and ready and not Clause.objects.exists():
        load(FIRST)
