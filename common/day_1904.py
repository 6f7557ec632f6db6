"""Day numbers of workbooks that count from 1904. Apart, so that the reading child imports no Django."""

import datetime as dt

EPOCH = dt.date(1904, 1, 1)


class Day1904(int):
    """A number that, where a date is asked for, counts days from 1904-01-01, as workbooks made on old Macs do."""
