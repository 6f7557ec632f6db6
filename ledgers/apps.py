from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "ledgers"
    verbose_name = "台账"

    def ready(self) -> None:
        from ledgers import reporting  # noqa: F401 - it names itself to the floors below
        from ledgers.uploads import claiming

        claiming.offer()
