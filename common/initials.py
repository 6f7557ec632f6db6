"""Pinyin initials, so that a name is found by three letters: every reading (曾 is z and c)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, product
from typing import Any

from django.db import models
from django.db.models import Q

from common.text import name_key

# A long name of many-voiced characters would have thousands of readings.
_MOST = 24


def initials_of(text: str) -> str:
    """The initials of `text` in every reading, lower case, parted by blanks: 曾氏 → "cs zs".

    Letters and digits stand for themselves; other characters are left out.
    """
    letters: list[tuple[str, ...]] = []
    for character in unicodedata.normalize("NFKC", text)[:40]:
        if character.isascii():
            if character.isalnum():
                letters.append((character.lower(),))
        elif found := _readings(character):
            letters.append(found)
    if not letters:
        return ""
    # The commonest reading of all; then one character read otherwise; then several, while there is room.
    usual = [readings[0] for readings in letters]
    made = {"".join(usual): None}
    for index, readings in enumerate(letters):
        for other in readings[1:]:
            made["".join([*usual[:index], other, *usual[index + 1 :]])] = None
    made.update(dict.fromkeys("".join(choice) for choice in islice(product(*letters), _MOST)))
    return " ".join(islice(made, _MOST))


@lru_cache(maxsize=30_000)
def _readings(character: str) -> tuple[str, ...]:
    """The initials of one character's readings, the commonest first; none for what has no reading."""
    # Imported late: the dictionary is large and most processes never need it.
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(reading[0] for reading in found[0] if reading)) if found and found[0] else ()


def by_initials(text: str) -> Q:
    """The condition that a row's initials hold `text`; letters and digits only, else nothing is meant."""
    letters = unicodedata.normalize("NFKC", text).strip().lower()
    plain = letters.isascii() and letters.isalnum() and not letters.isdigit()
    return Q(initials__contains=letters) if plain else Q(pk__in=[])


_BETWEEN = re.compile(r"[\s()（）〔〕【】\[\]]+")


def by_name(text: str, field: str = "name") -> Q:
    """The condition that a name holds `text`, whatever brackets and blanks stand between its parts."""
    condition = Q(**{f"{field}__icontains": text})
    parts = [part for part in _BETWEEN.split(text) if part]
    if parts and parts != [text]:
        loose = Q()
        for part in parts:
            loose &= Q(**{f"{field}__icontains": part})
        condition |= loose
    return condition


def near_names(rows: Any, name: str, endings: Iterable[str], most: int = 5) -> list[Any]:
    """The first of `rows` whose name holds what is left of `name` without the common endings; none for a name too
    short to tell."""
    for ending in endings:
        name = name.removesuffix(ending)
    if len(name_key(name)) < 2:
        return []
    return list(rows.filter(by_name(name[:40])).order_by("name")[:most])


class OfTheName(models.CharField):
    """Kept from the row's name whenever it is saved, one by one or in bulk: for finding it, no fact of its own."""

    @staticmethod
    def made_of(name: str) -> str:
        raise NotImplementedError

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_length", 1100)
        kwargs.update(editable=False, blank=True, default="")
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.made_of(getattr(model_instance, "name"))  # noqa: B009 - any model with a name
        setattr(model_instance, self.attname, value)
        return value


class InitialsField(OfTheName):
    """The pinyin initials of the name."""

    @staticmethod
    def made_of(name: str) -> str:
        return initials_of(name)


class NameKeyField(OfTheName):
    """What every spelling of the name shares (common/text.py): by it records are found and compared."""

    # Half-width forms may be many letters for one.
    LONGEST = 400

    @staticmethod
    def made_of(name: str) -> str:
        return name_key(name)[: NameKeyField.LONGEST]

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_length", self.LONGEST)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)


# The columns that follow the name, and what each is made by.
OF_THE_NAME = {"initials": InitialsField.made_of, "name_key": NameKeyField.made_of}


def by_key(text: str) -> Q:
    """The condition that a row's name holds `text` in some spelling."""
    key = name_key(text)
    return Q(name_key__contains=key) if key else Q(pk__in=[])
