"""The kinds of file that are imported."""

ENTERPRISE_LEDGER = "enterprise_ledger"
KINDS = {ENTERPRISE_LEDGER: "企业台账"}
