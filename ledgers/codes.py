"""The kinds of file that are taken: their codes and what they are called."""

ENTERPRISE_LEDGER = "enterprise_ledger"
ORGANIZATION_SHEET = "organization_sheet"
INSTRUCTOR_ROSTER = "instructor_roster"
MASS_SHEET = "mass_organization_sheet"
MEMBER_ROSTER = "member_roster"
ACTIVIST_ROSTER = "activist_roster"
REGISTRATION_LIST = "registration_list"
ACTIVITY_RECORD = "activity_record"
FUNDS_SHEET = "funds_sheet"
TRAINING_SHEET = "training_sheet"
DUTY_SHEET = "duty_sheet"
RECOGNITION_SHEET = "recognition_sheet"
# Several kinds in one workbook.
SEVERAL = "several"
KINDS = {
    ENTERPRISE_LEDGER: "企业台账",
    ORGANIZATION_SHEET: "党组织基本情况表",
    INSTRUCTOR_ROSTER: "指导员花名册",
    MASS_SHEET: "群团组织情况表",
    MEMBER_ROSTER: "党员花名册",
    ACTIVIST_ROSTER: "入党积极分子和发展对象花名册",
    ACTIVITY_RECORD: "党组织活动记录表",
    FUNDS_SHEET: "党建经费表",
    TRAINING_SHEET: "培训情况表",
    DUTY_SHEET: "指导员履职表",
    RECOGNITION_SHEET: "表彰命名表",
    REGISTRATION_LIST: "市场监管登记名单",
}
LABELS = {**KINDS, SEVERAL: "多种表"}
