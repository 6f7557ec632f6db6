"""The columns that a kind of file gets from the plan's items (common/plan.py), by their subject."""

from common.plan import Item, Shape
from ledgers.recognising.fields import Field
from ledgers.recognising.values import reached

# An item's column is called item:CODE.
PREFIX = "item:"


def item_field(item: Item) -> Field:
    """The column of a state or an event: √, a date, or a few words."""
    done = "做过填日期" if item.shape == Shape.EVENT else "做到填 √ 或日期"
    return Field(
        f"{PREFIX}{item.code}", item.label, (item.label, *item.headings), reached,
        meaning=f"{done}，没有的留空", example="√" if item.shape == Shape.STATE else "2023-05-18",
        # What can be derived is taken where a form has it, and not asked for.
        kept=not item.derived,
    )  # fmt: skip


def fields_of(items: list[Item]) -> tuple[Field, ...]:
    return tuple(item_field(item) for item in items if item.shape in (Shape.STATE, Shape.EVENT))
