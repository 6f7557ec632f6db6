"""What is limited a day is not had more often by asking at once."""

from coverage_tracker.views import PHONES_A_DAY
from tests.processes.test_uploads_survive import Browser, _at_once


def test_phones_asked_for_at_once_are_counted_one_by_one(district):
    made = district.run("phones", PHONES_A_DAY - 2)
    with district.served("--threads", "20", "--no-worker") as address:
        browser = Browser(address, district.cookies)
        path = f"/phones/enterprise/{made['enterprise']}/"
        answers = _at_once(12, lambda: browser.post(path, {"reason": "走访"}))
    assert {status for status, _ in answers} == {200}
    assert district.run("phones", 0)["shown"] == PHONES_A_DAY
