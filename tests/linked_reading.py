"""Which words of its address a page reads: with one that it does not read it answers what it answers without it, so the
walk through the linked district (tests/linked_district.py) need not ask it again."""

from typing import Any
from unittest import mock

from django.http import QueryDict

ALL = "*"


class Words(QueryDict):
    """The words of an address, and which of them were looked for, in copies too. What hands them on as they stand, or
    says which there are (`urlencode`, `lists`, `keys`), looks for none."""

    def __init__(self, *args: Any, **more: Any):
        self.read: set[str] = set()
        super().__init__(*args, **more)
        self.read.clear()

    def __deepcopy__(self, memo: Any) -> "Words":
        copied: Words = super().__deepcopy__(memo)
        copied.read = self.read
        return copied

    def __copy__(self) -> "Words":
        return self.__deepcopy__({})

    # `get`, `items` and `values` come to these.
    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *default: Any) -> Any:
        self.read.add(name)
        return super().getlist(name, *default)

    def pop(self, name: str, *default: Any) -> Any:
        self.read.add(name)
        return super().pop(name, *default)

    def __iter__(self) -> Any:
        self.read.add(ALL)
        return super().__iter__()

    def __bool__(self) -> bool:
        """Without words too, so that what is done with them is done, and noticed."""
        return True


def noticing() -> Any:
    """While this is entered, requests notice what is read of their addresses."""
    return mock.patch("django.core.handlers.wsgi.QueryDict", Words)


def would_read(address: str, read: dict[str, set[str]]) -> bool:
    """Whether a page reads one of the words in its address. `read`: by address without words which it looked for."""
    page, _, words = address.partition("?")
    names = {word.partition("=")[0] for word in words.split("&")}
    return not words or page not in read or bool(read[page] & {ALL, *names})
