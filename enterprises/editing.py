"""How an enterprise is added and edited."""

from committees.scope import may_change
from common.desk.editing import Editing
from enterprises.forms import EnterpriseForm, NewEnterpriseForm
from enterprises.models import Enterprise

ENTERPRISE = Editing(
    Enterprise,
    "企业",
    EnterpriseForm,
    NewEnterpriseForm,
    "enterprise",
    "enterprises",
    may_change,
    told=("name", "credit_code"),
)
