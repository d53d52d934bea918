"""Joint projects."""

from collections.abc import Callable

from comity.api import projects as asks
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Handler
from comity.node.handlers.base import Desks, R, acting, read, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    desk = node.projects

    def act(kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
        return write(node, kind, lambda tx, request, _: work(tx, request))

    plain = ("withdraw", "start", "resume", "wind_up", "remark")
    reasoned = ("decline", "pause", "abandon")
    loans = ("receive", "give_back", "take_back")
    return {
        "projects": read(node, asks.Projects, desk.all),
        "projects.show": read(node, asks.OneProject, desk.show),
        "projects.propose": act(asks.ProposeProject, desk.propose),
        "projects.explore": act(asks.ExploreProject, desk.explore),
        "projects.name": act(asks.NameOnProject, desk.name),
        "projects.intend": act(asks.OnProject, desk.intend),
        "projects.sheet": act(asks.EnterSheet, desk.sheet),
        "projects.arrange": act(asks.ArrangeProject, desk.arrange),
        "projects.plan": act(asks.PutUpPlan, desk.plan),
        "projects.agree_plan": act(asks.OnProject, desk.agree_plan),
        "projects.approve": act(asks.OnProject, desk.approve),
        "projects.claim": act(asks.ClaimMilestone, desk.claim),
        "projects.accept": act(asks.OnMilestone, desk.accept),
        "projects.reject": act(asks.RejectMilestone, desk.reject),
        "projects.lend": act(asks.LendItem, desk.lend),
        "projects.write_off": act(asks.WriteOffLoan, desk.write_off),
        "projects.enter": act(asks.EnterItem, desk.enter),
        "projects.confirm": act(asks.OnItem, desk.confirm),
        "projects.strike": act(asks.OnItem, desk.strike),
        "projects.close": act(asks.CloseProject, desk.close),
        "projects.hand_over": act(asks.HandOverProject, desk.hand_over),
        "projects.notice": act(asks.LeaveProject, desk.notice),
        "projects.leave": act(asks.OnProject, desk.leave),
        "projects.recall": act(asks.RecallOnProject, desk.recall),
        **{f"projects.{step}": act(asks.OnProject, desk.plain(step)) for step in plain},
        **{f"projects.{s}": act(asks.ReasonedOnProject, desk.reasoned(s)) for s in reasoned},
        **{f"projects.{step}": act(asks.OnLoan, desk.on_loan(step)) for step in loans},
        "projects.disclosure": read(node, asks.OneProject, desk.disclosure),
        "projects.set_disclosure": write(
            node,
            asks.SetDisclosure,
            lambda tx, request, who: desk.set_disclosure(tx, request, official=acting(who)),
        ),
    }
