"""Can it be approved? Every answer of the registers and every unmet requirement, blockers first, as cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.checking import COOL_DOWN
from applications.checklist import RequirementState
from applications.deciding import Obstacle, obstacles
from applications.models import Application, Check
from applications.services import standard_of
from applications.states import UNDECIDED_STATES, State
from desk.templatetags.desk import described
from offices.models import Role, Staff
from registers.contract import REGISTERS, Outcome

# Who is on these lists is shown to the officer who decides, and to the second person of a ruling.
CLOSED_REGISTERS = frozenset({"terrorism_list", "proliferation_list"})
# What removes an obstacle that is no answer of a register: the page and the words of its link.
REMEDIES = {
    "inspection": "desk:inspection",
    "inspection_missing": "desk:inspection",
    "inspection_failed": "desk:inspection",
}
# What stands in full on top of the page is named shortly in its card and beside the buttons.
SHORTLY = {"power_revoked": gettext_lazy("The power of attorney is revoked")}


@dataclass(frozen=True)
class Card:
    """One line of the panel. `tone` is block, warn, wait or ok; `cool_down` counts seconds until it may be asked again.

    A card without a check is a requirement or a reason of the service; `remedy` is then the page that resolves it.
    """

    tone: str
    title: str
    says: tuple[str, ...]
    row: str
    is_obstacle: bool = False
    check: Check | None = None
    question: str = ""
    is_closed: bool = False
    can_ask: bool = False
    cool_down: int = 0
    is_stale: bool = False
    remedy: str = ""

    @property
    def is_away(self) -> bool:
        """Whether the register did not answer: shown wherever its answer would stand."""
        return self.check is not None and self.check.outcome == Outcome.UNAVAILABLE.value

    @property
    def is_doubtful(self) -> bool:
        """Whether a person must judge the match, or has judged it."""
        return self.check is not None and self.check.outcome == Outcome.NEEDS_HUMAN.value


@dataclass(frozen=True)
class Verdict:
    """The panel: its first line answers its title, the cards below say why."""

    tone: str
    word: str
    cards: tuple[Card, ...]

    @property
    def obstacles(self) -> list[Card]:
        """What a person must resolve before an approval."""
        return [card for card in self.cards if card.is_obstacle and card.tone in {"block", "warn"}]

    @property
    def waits(self) -> list[Card]:
        """What resolves itself: registers that have not answered, and answers that are too old."""
        return [card for card in self.cards if card.is_obstacle and card.tone == "wait"]

    @property
    def away(self) -> list[Card]:
        """Registers that did not answer when asked."""
        return [card for card in self.cards if card.is_away and not card.is_closed]

    @property
    def is_clear(self) -> bool:
        """Whether nothing at all is in the way, as far as the reader is shown it."""
        return not any(card.is_obstacle or card.is_closed for card in self.cards)


def verdict(application: Application, needs: list[RequirementState], staff: Staff, now: datetime) -> Verdict:
    """The panel for `staff` at `now`, over the checklist `needs`; a decided case shows its answers and no obstacles."""
    is_open = application.state in {State.DRAFT, *UNDECIDED_STATES}
    found = obstacles(application, now, needs) if is_open else []
    by_check = {obstacle.check.pk: obstacle for obstacle in found if obstacle.check is not None}
    cards = [card_of(application, check, by_check.get(check.pk), staff, now) for check in application.checks.all()]
    cards += [reason_of(application, obstacle, staff) for obstacle in found if obstacle.check is None]
    order = {"block": 0, "warn": 1, "wait": 2, "ok": 3}
    cards.sort(key=lambda card: (order[card.tone], not card.is_obstacle))
    tone, word = answer(application, cards)
    return Verdict(tone, word, tuple(cards))


def reason_of(application: Application, obstacle: Obstacle, staff: Staff) -> Card:
    """An unmet requirement, or a reason of the service's own."""
    page = REMEDIES.get(obstacle.code, "")
    may = staff.role in {Role.OFFICER, Role.SUPERVISOR} and application.state in UNDECIDED_STATES
    remedy = reverse(page, args=[application.number]) if page and may else ""
    title = str(SHORTLY.get(obstacle.code, obstacle.message))
    return Card("block", title, (), obstacle.row, is_obstacle=True, remedy=remedy)


def card_of(application: Application, check: Check, obstacle: Obstacle | None, staff: Staff, now: datetime) -> Card:
    """One answer of a register as the reader may see it."""
    title = title_of(check)
    if not may_see(application, check, staff):
        closed = _("The answer is shown to the officer who holds the application.")
        return Card("wait", title, (closed,), check.row, check=check, is_closed=True)
    tone, says = standing(check, obstacle)
    is_open = application.state in {State.DRAFT, *UNDECIDED_STATES}
    return Card(
        tone=tone,
        title=title,
        says=says,
        row=check.row,
        is_obstacle=obstacle is not None,
        check=check,
        question=question_of(application, check),
        can_ask=is_open and staff.role in {Role.OFFICER, Role.SUPERVISOR},
        cool_down=cool_down(check, now),
        is_stale=is_open and check.is_stale(now),
    )


def standing(check: Check, obstacle: Obstacle | None) -> tuple[str, tuple[str, ...]]:
    """Tone and sentences of an answer."""
    findings = tuple(described(check.findings))
    conclusion = check.conclusion
    if conclusion == Outcome.HIT.value:
        return "block", findings
    if conclusion == Outcome.NEEDS_HUMAN.value:
        return "warn", findings
    if conclusion == Outcome.UNAVAILABLE.value:
        return "wait", findings or (_("The register is unavailable; it is asked again by itself."),)
    if not conclusion:
        return "wait", (_("The register is being asked."),)
    if obstacle is not None:
        return "wait", (_("The answer is too old; it is asked for again at the decision."),)
    if check.outcome == Outcome.HIT.value:
        return "warn", (*findings, _("Does not bar: the law still admits the paper."))
    if findings and check.outcome == Outcome.CLEAR.value:
        return "warn", (*findings, _("Does not bar."))
    return "ok", ()


def title_of(check: Check) -> str:
    """The register by its name; whom it was asked about is said where there are two."""
    register = REGISTERS.get(check.register)
    name = str(register.title) if register else check.register
    if check.subject == "corrected_number":
        return _("%(register)s: corrected number") % {"register": name}
    return _("%(register)s: representative") % {"register": name} if check.subject == "representative" else name


def question_of(application: Application, check: Check) -> str:
    """What the law asks of the register, in the words of the standard."""
    rules = standard_of(application).checks
    return next((str(rule.name) for rule in rules if rule.code == check.code), "")


def may_see(application: Application, check: Check, staff: Staff) -> bool:
    """Whether the reader may know this answer: the lists of financing only by who decides or confirms."""
    if check.register not in CLOSED_REGISTERS:
        return True
    if staff.role not in {Role.OFFICER, Role.SUPERVISOR}:
        return False
    confirms = check.ruled_by_id is not None and application.state in UNDECIDED_STATES
    return confirms or staff.pk in {application.holder_id, application.decided_by_id}


def cool_down(check: Check, now: datetime) -> int:
    """Seconds until the register may be asked again, zero when it may be at once."""
    if check.asked_at is None:
        return 0
    return max(0, round((check.asked_at + COOL_DOWN - now).total_seconds()))


def answer(application: Application, cards: Sequence[Card]) -> tuple[str, str]:
    """Tone and words of the first line."""
    barring = sum(1 for card in cards if card.is_obstacle and card.tone in {"block", "warn"})
    waiting = sum(1 for card in cards if card.is_obstacle and card.tone == "wait")
    if application.state not in {State.DRAFT, *UNDECIDED_STATES}:
        return "", str(State(application.state).label).lower()
    if barring:
        return "late", ngettext("no: %(n)d obstacle", "no: %(n)d obstacles", barring) % {"n": barring}
    if waiting:
        return "risk", ngettext("waits for %(n)d register", "waits for %(n)d registers", waiting) % {"n": waiting}
    if any(card.is_closed for card in cards):
        return "", _("take it to see all answers")
    if application.state != State.REVIEW:
        return "", _("not yet: registers are being asked")
    return "calm", _("yes")
