"""What the acts of DL-1 and DL-2 mean for the register, one line each; everything else is the same for all."""

from __future__ import annotations

from dataclasses import dataclass

from applications.models import Application
from applications.standards import Text
from licensing.models import Act, LicenceDetails, LicenceState
from licensing.standard import FIRST_OR_AFTER_DEPRIVATION, ISSUE
from registers.questions import DrivingPurpose


@dataclass(frozen=True)
class ActOfIssue:
    """`becomes` is the state of the previous licence afterwards; `replaces` says whether there must be one."""

    act: Act
    subservice: str
    name: Text
    purpose: DrivingPurpose
    replaces: bool
    becomes: LicenceState = LicenceState.REPLACED


ACTS = {
    item.act: item
    for item in (
        ActOfIssue(Act.EXCHANGE, ISSUE, Text("exchange", "замена", "ауыстыру"), "exchange", replaces=True),
        ActOfIssue(
            Act.DATA_CHANGE,
            ISSUE,
            Text("change of data", "изменение данных", "деректердің өзгеруі"),
            "exchange",
            replaces=True,
        ),
        ActOfIssue(
            Act.LOSS,
            ISSUE,
            Text("in place of a lost one", "взамен утраченного", "жоғалғанның орнына"),
            "exchange",
            replaces=True,
            becomes=LicenceState.LOST,
        ),
        ActOfIssue(
            Act.FOREIGN,
            ISSUE,
            Text("foreign licence", "иностранное удостоверение", "шетелдік куәлік"),
            "exchange",
            replaces=False,
        ),
        ActOfIssue(
            Act.FIRST_ISSUE,
            FIRST_OR_AFTER_DEPRIVATION,
            Text("first issue", "выдача впервые", "алғаш рет беру"),
            "first",
            replaces=False,
        ),
        ActOfIssue(
            Act.AFTER_DEPRIVATION,
            FIRST_OR_AFTER_DEPRIVATION,
            Text("after deprivation", "после лишения права", "құқықтан айырылғаннан кейін"),
            "after_deprivation",
            replaces=False,
        ),
    )
}


def acts_of(subservice: str) -> list[ActOfIssue]:
    """The acts a sub-service offers, in the order in which the desk asks."""
    return [item for item in ACTS.values() if item.subservice == subservice]


def act_of(application: Application) -> ActOfIssue | None:
    """The act that is applied for; None while nobody has said."""
    details: LicenceDetails = application.licence_details
    return ACTS[Act(details.act)] if details.act else None
