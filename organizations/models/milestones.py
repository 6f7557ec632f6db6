"""What the first migrations name: the milestones of before the plan was data (their rows are items now)."""


def _choices() -> list:
    return []
