from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommitteesConfig(AppConfig):
    name = "committees"
    verbose_name = "党（工）委与用户"

    def ready(self) -> None:
        from committees.accounts import trace
        from committees.append_only import protect

        post_migrate.connect(protect, sender=self, dispatch_uid="append_only")
        trace.listen()
