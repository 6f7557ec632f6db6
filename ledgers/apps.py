from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "ledgers"
    verbose_name = "台账"

    def ready(self) -> None:
        from common.desk.brought_in import look_with
        from ledgers import reporting  # noqa: F401 - it names itself to the floors below
        from ledgers.reading.sandbox import said_against
        from ledgers.uploads import claiming

        claiming.offer()
        look_with(said_against)
