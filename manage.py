#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_tracker.settings")
    if sys.argv[1:] == ["version"]:
        # Ours: Django would answer with its own.
        from coverage_tracker.version import version

        sys.stdout.write(f"{version()}\n")
        return
    # What is written (database, uploads, keys) is the owner's only.
    os.umask(0o077)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.DEBUG  # noqa: B018 - reads the settings
    except ImproperlyConfigured as error:
        # For who set them: no trace.
        sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
