from django.urls import path

from common.desk.performing import action_paths
from reports import clarity, dispatch, effective, funnel, grid, groups, item_lists, joint, newly, plan_pages, views
from reports.change_rules import ChangeRules

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/export/", views.dashboard_export, name="dashboard-export"),
    path("committees/", views.committees, name="committees"),
    path("committees/<int:pk>/", views.committee, name="committee"),
    path("figures/<slug:key>/", views.figure, name="figure"),
    path("figures/<slug:key>/groups/", groups.figure_groups, name="figure-groups"),
    path("figures/<slug:key>/export/", views.figure_export, name="figure-export"),
    path("grid/", grid.grid, name="grid"),
    path("grid/export/", grid.grid_export, name="grid-export"),
    path("newly-registered/", newly.newly, name="newly"),
    path("newly-registered/export/", newly.newly_export, name="newly-export"),
    path("clarity/", clarity.clarity, name="clarity"),
    path("clarity/export/", clarity.clarity_export, name="clarity-export"),
    path("dispatch/", dispatch.dispatch, name="dispatch"),
    path("dispatch/export/", dispatch.dispatch_export, name="dispatch-export"),
    path("effective/", effective.effective_coverage, name="effective"),
    path("effective/export/", effective.effective_export, name="effective-export"),
    path("funnel/", funnel.funnel, name="funnel"),
    path("funnel/export/", funnel.funnel_export, name="funnel-export"),
    path("joint-branches/", joint.joint_branches, name="joint-branches"),
    path("joint-branches/export/", joint.joint_branches_export, name="joint-branches-export"),
    path("items/<slug:subject>/", item_lists.items, name="items"),
    path("items/<slug:subject>/groups/", groups.items_groups, name="items-groups"),
    path("items/<slug:subject>/export/", item_lists.items_export, name="items-export"),
    path("plan/", plan_pages.plan, name="plan"),
    path("plan/export/", plan_pages.plan_export, name="plan-export"),
    path("plan/<int:pk>/edit/", plan_pages.edit_plan, name="plan-edit"),
    path("plan/<int:pk>/targets/new/", plan_pages.new_target, name="plan-target-new"),
    path("plan/targets/<int:pk>/edit/", plan_pages.edit_target, name="target-edit"),
    path("plan/duties/<int:pk>/edit/", plan_pages.edit_duty, name="duty-edit"),
    path("plan/<int:pk>/items/new/", plan_pages.new_item, name="plan-item-new"),
    path("plan/clauses/<int:pk>/edit/", plan_pages.edit_clause, name="clause-edit"),
    path("plan/items/<int:pk>/edit/", plan_pages.edit_item, name="item-edit"),
    *action_paths([ChangeRules]),
]
