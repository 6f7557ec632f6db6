"""The trial district of each test: a copy of one that is founded once."""

from collections.abc import Iterator

import pytest

from tests.processes.district import District


@pytest.fixture(scope="session")
def _new_district(tmp_path_factory) -> District:
    district = District(tmp_path_factory.mktemp("district") / "var")
    district.cookies = district.run("found", "东关办事处")
    return district


@pytest.fixture
def district(_new_district, tmp_path) -> District:
    return _new_district.copy(tmp_path / "var")


@pytest.fixture
def served(district) -> Iterator[str]:
    """The address of `manage.py serve` without its worker."""
    with district.served("--threads", "20", "--no-worker") as address:
        yield address
