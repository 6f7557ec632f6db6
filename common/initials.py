"""Pinyin initials, so that a name is found by three letters: every reading (曾 is z and c)."""

from itertools import islice, product

from django.db import models
from django.db.models import Q

# A long name of many-voiced characters would have thousands of readings.
_MOST = 24


def initials_of(text: str) -> str:
    """The initials of `text` in every reading, lower case, parted by blanks: 曾氏 → "cs zs".

    Letters and digits stand for themselves; other characters are left out.
    """
    # Imported late: the dictionary is large and most processes never need it.
    from pypinyin import Style, pinyin

    letters: list[list[str]] = []
    for character in text[:40]:
        if character.isascii():
            if character.isalnum():
                letters.append([character.lower()])
            continue
        found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
        if found and found[0]:
            letters.append(sorted({reading[0] for reading in found[0] if reading}))
    # The readings of the first characters vary; the rest keep their commonest when there are too many.
    readings = {"".join(choice) for choice in islice(product(*reversed(letters)), _MOST)}
    return " ".join(sorted(reading[::-1] for reading in readings))


def by_initials(text: str) -> Q:
    """The condition that a row's initials hold `text`; letters only, else nothing is meant."""
    letters = text.strip().lower()
    return Q(initials__contains=letters) if letters.isascii() and letters.isalpha() else Q(pk__in=[])


class InitialsField(models.CharField):
    """Kept from another field of the row whenever it is saved, one by one or in bulk."""

    def __init__(self, *args, source: str = "name", **kwargs):
        self.source = source
        kwargs.setdefault("max_length", 1100)
        kwargs.update(editable=False, blank=True, default="")
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance, add):
        value = initials_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value
