"""Signing in, and changing one's password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError

from committees.accounts import second
from committees.accounts.handing_out import FIRST_DAYS, is_over
from committees.accounts.throttle import is_slowed, refused_password
from committees.models import AccessKind, AccessLog

# One sentence for all that may be wrong: it does not tell which.
WRONG = "用户名、密码或动态口令不对，请重新输入。"
OVER = f"一次性密码发出 {FIRST_DAYS} 天没有用，已经失效，请联系系统管理员发一个新的。"
SLOWED = "登录失败的次数过多，请 15 分钟后再试，或联系系统管理员。"


class SignInForm(AuthenticationForm):
    """Name, password, and the code of whoever has one."""

    code = forms.CharField(label="动态口令", required=False, max_length=20)
    device: Any = None

    def clean(self) -> dict[str, Any]:
        if is_slowed(self.request, str(self.cleaned_data.get("username") or "")):
            raise ValidationError(SLOWED, code="slowed")
        return super().clean()

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(WRONG, code="invalid_login")

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if is_over(user):
            AccessLog.note(self.request, AccessKind.SIGN_IN_FAILED, who=user.username, result="一次性密码已过期")
            raise ValidationError(OVER, code="over")
        if not second.has(user):
            return
        self.device = second.check(user, self.cleaned_data.get("code") or "")
        if self.device is None:
            AccessLog.note(self.request, AccessKind.SIGN_IN_FAILED, who=user.username, result="动态口令不对")
            raise self.get_invalid_login_error()
        # Signing in ties it to the session.
        user.otp_device = self.device


class OwnPasswordForm(PasswordChangeForm):
    """The old password may be tried a few times only."""

    def __init__(self, user: Any, *args: Any, request: Any = None, **kwargs: Any):
        super().__init__(user, *args, **kwargs)
        self.request = request
        labels = {"old_password": "现在的密码", "new_password1": "新密码", "new_password2": "再输一遍新密码"}
        for name, label in labels.items():
            self.fields[name].label = label

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        if said := refused_password(self.request, self.user, password):
            raise ValidationError(said)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("new_password1") and cleaned.get("new_password1") == cleaned.get("old_password"):
            self.add_error("new_password1", "新密码不能和现在的一样。")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.user.password_is_first, self.user.password_until = False, None
        return super().save(commit)
