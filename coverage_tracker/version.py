"""The version of the product."""

import tomllib
from pathlib import Path


def version() -> str:
    """The version that pyproject.toml gives, as 0.2.0."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
