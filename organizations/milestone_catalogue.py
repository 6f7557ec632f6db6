"""The milestones of the four projects: what can be reached, under which clause, and by whom.

A new item is a new line here. `code` is stored; never change one that is in use.
"""

from typing import NamedTuple

from django.db import models


class Project(models.TextChoices):
    """“四大工程”. The plan writes 横向+纵向 in its preamble and 纵向+横向 in the title of 二（四）."""

    FORTRESS_BANNER = "fortress_banner", "“堡垒+旗帜”工程"
    LEADER_STANDARD_BEARER = "leader_standard_bearer", "“头雁+旗手”工程"
    PARTY_BUILDING_DEVELOPMENT = "party_building_development", "“党建+发展”工程"
    VERTICAL_HORIZONTAL = "vertical_horizontal", "“纵向+横向”工程"
    SAFEGUARDS = "safeguards", "保障措施"


class Subject(models.TextChoices):
    ORGANIZATION = "organization", "党组织"
    ENTERPRISE = "enterprise", "企业"
    COMMITTEE = "committee", "党（工）委"


class Item(NamedTuple):
    code: str
    label: str
    project: Project
    clause: int
    subject: Subject
    # Whether it holds only until an end date, like a honour that can be withdrawn.
    lapses: bool


def _items(project: Project, clause: int, subject: Subject, lapses: bool, **labels: str) -> list[Item]:
    return [Item(code, label, project, clause, subject, lapses) for code, label in labels.items()]


_O, _E, _C = Subject.ORGANIZATION, Subject.ENTERPRISE, Subject.COMMITTEE
_FORTRESS, _LEADER = Project.FORTRESS_BANNER, Project.LEADER_STANDARD_BEARER
_DEVELOPMENT, _LINES, _SAFEGUARDS = Project.PARTY_BUILDING_DEVELOPMENT, Project.VERTICAL_HORIZONTAL, Project.SAFEGUARDS

GIFT_PACK = _items(
    _SAFEGUARDS,
    35,
    _O,
    False,
    gift_seal="刻一枚公章",
    gift_materials="送一套党建资料",
    gift_board="制一块党建板面",
    gift_flag="送一面党旗",
    gift_instructor="派一名党建指导员",
    gift_constitution="为党员发一本党章",
    gift_lecture="上一次党课",
    gift_training="书记业务培训一次",
    gift_study_visit="组织一次参观学习",
)
SIX_HAVES = _items(
    _SAFEGUARDS,
    39,
    _O,
    True,
    have_venue="有场所",
    have_facilities="有设施",
    have_sign="有标志",
    have_flag="有党旗",
    have_reading="有书报",
    have_rules="有制度",
)
SIX_GOOD = _items(
    _DEVELOPMENT,
    20,
    _O,
    True,
    good_business="生产经营好",
    good_culture="企业文化好",
    good_labour_relations="劳动关系好",
    good_team="党组织班子好",
    good_members="党员队伍好",
    good_reputation="社会评价好",
)
DOUBLE_STRONG = _items(
    _DEVELOPMENT,
    6,
    _O,
    True,
    double_strong_district="区级“双强六好”党组织",
    double_strong_municipal="市级“双强六好”党组织",
)
EXEMPLARS = _items(
    _DEVELOPMENT,
    7,
    _O,
    True,
    exemplar_district="区级党建典型",
    exemplar_municipal="市级党建典型",
    exemplar_provincial="省级党建典型",
)

CATALOGUE: list[Item] = [
    *DOUBLE_STRONG,
    *EXEMPLARS,
    *_items(_FORTRESS, 11, _E, True, host_organization="已明确依托的村（社区）或联建党组织"),
    *_items(_FORTRESS, 12, _E, False, contacted="党（工）委已联系走访"),
    *_items(_FORTRESS, 13, _E, True, weak_basis="党建基础薄弱"),
    *_items(_FORTRESS, 15, _O, False, innovative_setup="创新组织设置"),
    *_items(_LEADER, 16, _O, False, secretary_assessed="书记选配考察（三条原则、三项标准）"),
    *_items(_LEADER, 19, _C, False, training_plan="党务干部纳入教育培训规划"),
    *SIX_GOOD,
    *_items(_DEVELOPMENT, 21, _O, False, service_item="为企业发展、职工群众办实事"),
    *_items(_DEVELOPMENT, 22, _O, True, model_post="设立党员示范红旗岗", model_area="设立党员示范责任区"),
    *_items(_DEVELOPMENT, 23, _O, True, two_way_mechanism="建立与管理层双向互动机制"),
    *_items(_DEVELOPMENT, 24, _O, False, heart_talks="班子成员谈心"),
    *_items(_DEVELOPMENT, 25, _O, False, joint_activities="党群活动一体化"),
    *_items(_DEVELOPMENT, 26, _O, True, pairing="与其他单位党组织结对共建"),
    *_items(
        _DEVELOPMENT,
        27,
        _O,
        True,
        online_garden="网上党建园地",
        online_school="网上党校",
        online_microblog="党建微博",
        online_forum="网上论坛",
    ),
    *_items(
        _LINES,
        30,
        _O,
        True,
        cobuild_organization="联创共建·组织联建",
        cobuild_members="联创共建·党员双管",
        cobuild_resources="联创共建·资源共享",
        cobuild_pairing="联创共建·结对帮带",
    ),
    *_items(_SAFEGUARDS, 32, _C, False, implementation_plan="细化实施方案"),
    *GIFT_PACK,
    *_items(_SAFEGUARDS, 36, _O, True, liaison_cadre="党员领导干部分包联系"),
    *SIX_HAVES,
    *_items(_SAFEGUARDS, 40, _O, True, shared_venue="活动场所共用、设施共享"),
    *_items(_SAFEGUARDS, 41, _C, False, experience_summary="总结工作经验"),
]

BY_CODE: dict[str, Item] = {item.code: item for item in CATALOGUE}
CHOICES = [
    (
        project.label,
        [(item.code, f"{item.label}（第{item.clause}条）") for item in CATALOGUE if item.project == project],
    )
    for project in Project
]
