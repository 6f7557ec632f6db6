"""The laws of dated facts (docs/rules.md) on random histories of an office, through the whole pipeline but the reading."""

import os

import pytest

from tests.histories import History, facts, unlawful

pytestmark = pytest.mark.django_db
SEEDS = range(int(os.environ.get("HISTORY_SEED", "0")), int(os.environ.get("HISTORY_SEED", "0")) + int(os.environ.get("HISTORIES", "25")))  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_on_its_own_day_every_ledger_is_right_in_any_order(seed, monkeypatch):
    history = History(seed, monkeypatch)
    for _ in range(8):
        on, rows = history.next_file()
        history.commit(on, rows)
        assert not history.wrong(), (seed, history.sent)
        assert not unlawful(), (seed, history.sent)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_file_again_changes_nothing(seed, monkeypatch):
    history = History(seed, monkeypatch)
    for _ in range(5):
        on, rows = history.next_file()
        if history.commit(on, rows) is None:
            continue
        before = facts()
        assert history.examine(on, rows).differences == []
        history.commit(on, rows)
        assert facts() == before


@pytest.mark.parametrize("seed", SEEDS)
def test_taking_the_last_file_back_restores_every_row(seed, monkeypatch):
    history = History(seed, monkeypatch)
    for _ in range(6):
        on, rows = history.next_file()
        before, said = facts(), dict(history.said)
        if history.commit(on, rows) is None or history.random.random() < 0.6:
            continue
        assert history.take_back() == []
        assert facts() == before
        history.said = said
        assert not history.wrong()
