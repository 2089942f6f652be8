"""A decision is withdrawn in a real Chromium: asked by a supervisor, confirmed by a second person; and many at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applications.models import Application, RevocationBatch
from applications.states import State
from registration.models import RegistrationCertificate
from tests import walking
from tests.fixtures_revoking import issue_at
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Реестр штрафов ответил чужими данными: постановление относилось к другому человеку."


def test_one_decision_is_withdrawn_by_two_people(running: Running, sign_in_browser):
    """VR.5a undone, papers void."""
    picture = walking.Pictures("revocation")
    (application,) = issue_at(running.people, 1)
    supervisor = sign_in_browser(running.people["supervisor"])
    supervisor.goto(f"/cases/{application.number}/")
    supervisor.click("#step-revoke")
    supervisor.fill("[name=reason]", WHY)
    picture(supervisor, "01-ask")
    supervisor.click("#revoke button.btn-outline-danger")
    expect(supervisor.locator("#case-said")).to_contain_text("второй сотрудник")
    second = sign_in_browser(running.people["officer2"])
    second.goto("/revocations/")
    picture(second, "02-waiting")
    second.click(f"#row-{application.number} a.btn-primary")
    picture(second, "03-judge")
    second.click("button[value=confirm]")
    expect(second.locator("#case-taken-back")).to_be_visible()
    picture(second, "04-withdrawn")

    assert Application.objects.get(pk=application.pk).state == State.REVOKED
    assert RegistrationCertificate.objects.get().state == "revoked"


def test_a_decision_that_others_rest_on_is_left_standing(running: Running, sign_in_browser):
    """The refusal of this walk: what cannot be undone says why."""
    picture = walking.Pictures("revocation")
    first, later = issue_at(running.people, 2)
    Application.objects.filter(pk=later.pk).update(subject=first.subject)
    supervisor = sign_in_browser(running.people["supervisor"])
    supervisor.goto(f"/cases/{first.number}/revoke/")
    expect(supervisor.locator("#obstacle")).to_contain_text(later.number)
    picture(supervisor, "refused-1-barred")

    assert Application.objects.get(pk=first.pk).state == State.ISSUED


def test_many_decisions_are_withdrawn_by_the_workers(running: Running, sign_in_browser):
    """Chosen by the answers of a register, previewed, confirmed, carried out; the open page follows by itself."""
    picture = walking.Pictures("revocation")
    issue_at(running.people, 12)
    now = timezone.localtime()
    supervisor = sign_in_browser(running.people["supervisor"])
    supervisor.goto("/revocations/batches/new/")
    supervisor.fill("[name=reason]", WHY)
    supervisor.select_option("[name=register]", "fines")
    supervisor.fill("[name=answered_from]", f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    supervisor.fill("[name=answered_until]", f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    picture(supervisor, "05-choose")
    supervisor.click("form.panel button.btn-primary")
    expect(supervisor.locator("button[value=ask]")).to_be_visible()
    picture(supervisor, "06-preview")
    supervisor.click("button[value=ask]")
    expect(supervisor.locator("#batch-state h2")).to_contain_text("Ждёт второго сотрудника")
    second = sign_in_browser(running.people["officer2"])
    second.goto(supervisor.url)
    picture(second, "07-confirm")
    second.click("button[value=confirm]")
    expect(second.locator("#batch-state")).to_contain_text("Выполнено 12 из 12")
    expect(second.locator("button[value=pause]")).to_have_count(0)
    picture(second, "08-report")

    assert RevocationBatch.objects.get().state == "finished"
