#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_tracker.settings")
    if sys.argv[1:] == ["version"]:
        # Ours: Django would answer with its own.
        from coverage_tracker.version import version

        sys.stdout.write(f"{version()}\n")
        sys.exit()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
