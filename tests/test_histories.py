"""The laws of dated facts (docs/rules.md) on random histories of an office, through the whole pipeline but the reading."""

import os
from functools import partial

import pytest

from enterprises.close import close, reopen
from enterprises.models import Enterprise
from instructors.models import Instructor
from instructors.office import leave_office, take_back_leaving
from organizations.dissolve import dissolve, restore_organization
from organizations.models import PartyOrganization
from tests.histories import History, day, facts, unlawful

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
    for turn in range(6):
        on, rows = history.next_file()
        if history.commit(on, rows) is None:
            continue
        if turn > 2:
            # Whatever was decided by hand since: what the file says of it is settled the first time.
            history.decide()
            history.commit(on, rows)
        before = facts()
        assert history.examine(on, rows).differences == []
        history.commit(on, rows)
        assert facts() == before


@pytest.mark.parametrize("seed", SEEDS)
def test_taking_the_last_file_back_restores_every_row(seed, monkeypatch):
    history = History(seed, monkeypatch)
    for _ in range(6):
        on, rows = history.next_file()
        before = facts()
        if history.commit(on, rows) is None or history.random.random() < 0.6:
            continue
        assert history.take_back() == []
        assert facts() == before
        assert not history.wrong()


@pytest.mark.parametrize("seed", SEEDS)
def test_taking_any_file_back_leaves_what_the_others_say_or_is_refused(seed, monkeypatch):
    history = History(seed, monkeypatch)
    for _ in range(6):
        history.commit(*history.next_file())
    for number in history.random.sample(list(history.taken), min(4, len(history.taken))):
        before = facts()
        if history.take_back(number):
            assert facts() == before
        assert not history.wrong(), (seed, number)
        assert not unlawful(), (seed, number)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_stated_by_hand_leaves_the_ledgers_days_as_they_are(seed, monkeypatch):
    history = History(seed, monkeypatch)
    told = []
    for _ in range(6):
        told.append(history.commit(*history.next_file()) is not None)
        told.append(history.state())
        assert not history.wrong(), (seed, told)
        assert not unlawful(), (seed, told)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_leaves_its_owners_life_whatever_is_decided(seed, monkeypatch):
    history = History(seed, monkeypatch)
    told = []
    for _ in range(5):
        history.commit(*history.next_file())
        told.append([history.decide() for _ in range(3)])
        assert not unlawful(), (seed, told, history.sent)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_closing_taken_back_restores_every_row(seed, monkeypatch):
    history = History(seed, monkeypatch)
    for _ in range(4):
        history.commit(*history.next_file())
    for owner, end, take_back in (
        *((each, close, reopen) for each in Enterprise.objects.all()),
        *((each, dissolve, restore_organization) for each in PartyOrganization.objects.all()),
        *((each, partial(leave_office, reason="left"), take_back_leaving) for each in Instructor.objects.all()),
    ):
        before = facts()
        if end(type(owner).objects.get(pk=owner.pk), on=day(history.random.randrange(11, 20))):
            take_back(type(owner).objects.get(pk=owner.pk))
        assert facts() == before, (seed, owner)
