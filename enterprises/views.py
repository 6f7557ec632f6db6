"""Small answers while a form is filled in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.scope import may_change, require
from common.identifiers import IdentifierError, check_credit_code, credit_code_class
from enterprises.forms import code_taken


def check_code(request: HttpRequest) -> HttpResponse:
    """What is to be said of a credit code as it is typed: a fragment of the form."""
    require(may_change(request.user))
    text = request.GET.get("credit_code", "")[:40].strip()
    of = request.GET.get("of", "")
    good, words = False, ""
    if text:
        try:
            code = check_credit_code(text)
        except IdentifierError as error:
            words = str(error)
        else:
            words = code_taken(request.user, code, int(of) if of.isdecimal() and len(of) < 19 else None)
            if not words:
                kind = credit_code_class(code)
                good = kind is None
                words = f"{code[:2]} 开头的是{kind}，不是企业，请核对。" if kind else "校验位正确。"
    return render(request, "parts/said.html", {"good": good, "words": words})
