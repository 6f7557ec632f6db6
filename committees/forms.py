"""What forms of the upper floors ask about committees."""

from typing import Any

from committees.models import Committee


def offer_committees(form: Any, name: str = "committee") -> None:
    """Let the form's field `name` choose among the active committees that its user sees; an only one is preset."""
    choices = Committee.objects.visible_to(form.user).filter(active=True)
    form.fields[name].queryset = choices
    only = list(choices[:2])
    if len(only) == 1:
        form.fields[name].initial = only[0]
