"""Signing in, also in place; one's password; one's second factor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as verify

from committees.accounts import gate, open_sessions, second
from committees.accounts.forms import OwnPasswordForm, SignInForm
from committees.accounts.throttle import refused_password
from committees.models import AccessKind, AccessLog


class SignIn(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True


@sensitive_post_parameters("password", "code")
@login_not_required
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Sign in once more from a page that stays as it is, half-filled form and all: {"token"} for its forms, or
    {"said"} why not. Only the user whose page it is: another must not send what this one has filled in."""
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"said": "；".join(str(each) for each in form.non_field_errors()) or "请填写密码。"}, status=422
        )
    user = form.get_user()
    if str(user.pk) != request.POST.get("user", ""):
        return JsonResponse({"said": "这一页是另一个用户打开的，请用原来的用户登录。"}, status=422)
    login(request, user)
    # Also where the session still lived: who had its key before has it no more.
    request.session.cycle_key()
    request.session.pop("began", None)
    return JsonResponse({"token": get_token(request)})


class OwnPassword(PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("start")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "密码已修改。")
        AccessLog.note(self.request, AccessKind.ACCOUNT, of=self.request.user, result="改了自己的密码")  # type: ignore[arg-type]
        return super().form_valid(form)


@sensitive_post_parameters("code", "password")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up one's second factor, or print new paper codes; the codes are shown this once. Whoever has one already
    gives the password too: an unlocked desk is not enough to take it over."""
    user: Any = request.user
    codes: list[str] | None = None
    said = ""
    if request.method == "POST" and second.has(user):
        said = refused_password(request, user, request.POST.get("password", ""))
    if request.method == "POST" and not said:
        if "paper" in request.POST and second.has(user):
            codes = second.paper_codes(user)
        elif "code" in request.POST:
            codes = second.confirm(user, request.POST["code"])
            said = "" if codes else "口令不对：请核对手机的时间，重新输入应用上现在显示的 6 位数字。"
            if codes:
                verify(request, second.device_of(user))
        else:
            return redirect("second-factor")
        if codes:
            AccessLog.note(request, AccessKind.ACCOUNT, of=user, result="设置动态口令或重印备用码")
    device = None if codes else second.being_enrolled(user)
    context = {
        "has": second.has(user),
        "must": second.must_have(user),
        "codes": codes,
        "said": said,
        "picture": device and second.picture(device),
        "key": device and second.key_of(device),
    }
    return render(request, "registration/second_factor.html", context, status=422 if said else 200)


@sensitive_post_parameters("password")
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and ending it there: with the password, as an unlocked desk is not enough."""
    user: Any = request.user
    key, limits = request.session.session_key, (gate.IDLE, gate.LONGEST)
    said = ""
    if request.method == "POST":
        said = refused_password(request, user, request.POST.get("password", ""))
        if not said:
            number = open_sessions.end(user, request.POST.get("end", ""), key, *limits)
            if number:
                AccessLog.note(request, AccessKind.ACCOUNT, of=user, count=number, result="结束了自己在别处的登录")
            messages.success(request, f"已结束 {number} 处登录。")
            return redirect("own-sessions")
    context = {"sessions": open_sessions.of(user, key, *limits), "said": said}
    return render(request, "registration/sessions.html", context, status=422 if said else 200)
