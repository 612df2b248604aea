"""Money in view: asked when it is wanted, in nobody's way, and never made up."""

import time

import pytest
from support.fakes import on_desk

from sharpen_desktop.app import money
from sharpen_desktop.core.account import quote_heard
from sharpen_desktop.core.errors import Charge, CloudError, JournalFailed, Unreachable
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.wording import primary_button

CLOUD = {"engine": "cloud", "has_key": True}
NO_NETWORK = Unreachable("The service cannot be reached.", charge=Charge.NONE)


# The price


@on_desk(has_key=True)
async def test_the_price_is_asked_for_when_the_cloud_is_first_chosen_and_not_before(desk):
    desk.service.price = Quote(0.105, time.time())
    await desk.opened("a.jpg")
    await desk.sharpened()
    assert desk.service.quotes_asked == 0
    desk.controller.choose_engine("cloud")
    await desk.until(lambda: desk.state.quote)
    await desk.idle()
    assert "≈ $0.11" in primary_button(desk.state).text
    assert desk.state.usual_s == 14.0
    desk.controller.choose_engine("local")
    desk.controller.choose_engine("cloud")
    await desk.idle()
    assert desk.service.quotes_asked == 1


@on_desk(has_key=True, quote=Quote(0.1, 0.0))
async def test_a_price_older_than_a_day_is_asked_for_again_and_stays_with_its_date_when_nobody_answers(desk):
    desk.controller.choose_engine("cloud")
    await desk.idle()
    assert desk.service.quotes_asked == 1
    assert desk.state.quote == Quote(0.1, 0.0)


@on_desk(has_key=True)
async def test_a_price_of_today_is_not_asked_for_again(desk):
    desk.store.apply(quote_heard, Quote(0.1, time.time()))
    desk.controller.choose_engine("cloud")
    await desk.idle()
    assert desk.service.quotes_asked == 0


@on_desk(has_key=True)
async def test_when_the_service_does_not_say_the_price_is_unknown_and_nothing_else_happens(desk):
    await desk.opened("a.jpg")
    desk.controller.choose_engine("cloud")
    await desk.idle()
    assert desk.state.quote is None
    assert desk.notices == ()
    assert primary_button(desk.state).text.endswith("price unknown")


# The balance


@on_desk(**CLOUD)
async def test_the_balance_is_read_when_it_is_asked_for_and_never_by_itself(desk):
    await desk.opened("a.jpg")
    await desk.idle()
    assert desk.service.balances_asked == 0
    desk.controller.refresh_money()
    await desk.until(lambda: desk.state.balance == Balance(12.4, "USD", 0.0))


@on_desk(**CLOUD)
async def test_a_balance_that_was_asked_for_and_did_not_come_is_told(desk):
    desk.service.left = NO_NETWORK
    desk.controller.refresh_money()
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["The service cannot be reached. Nothing was billed."]


@on_desk(**CLOUD)
async def test_right_after_a_run_the_balance_waits_until_the_service_has_counted_it(desk, monkeypatch):
    monkeypatch.setattr(money, "LEDGER_LAG_S", 0.3)
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    desk.controller.refresh_money()
    await desk.pause()
    assert desk.service.balances_asked == 0
    assert "The balance is read in" in desk.state.status
    await desk.until(lambda: desk.state.balance)


# What was spent


@on_desk(**CLOUD)
async def test_what_was_spent_is_counted_at_the_start_and_after_each_cloud_run(desk):
    desk.controller.started()
    await desk.idle()
    desk.archive.spent = Spending(0.105)
    await desk.opened("a.jpg")
    await desk.sharpened_elsewhere()
    assert desk.state.session_spending == Spending()
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.state.session_spending == Spending(0.105))
    await desk.idle()
    assert desk.state.day_spending == Spending(0.105)


@on_desk(**CLOUD)
async def test_a_run_that_failed_is_counted_too_because_it_may_have_cost(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = CloudError("The answer was lost.", charge=Charge.UNKNOWN)
    desk.archive.spent = Spending(0.0, 0.105)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.state.day_spending.reserved_usd)


@on_desk(**CLOUD)
async def test_a_journal_that_does_not_say_what_was_spent_is_no_reason_for_a_notice(desk):
    desk.archive.problem = JournalFailed("The journal cannot be read.")
    desk.controller._parts.money.count()
    await desk.idle()
    assert desk.notices == ()


# The question before sending


@on_desk(**CLOUD, quote=Quote(0.105, 86_400.0 * 365.5))
async def test_the_first_question_names_the_price_and_its_date(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    question = await desk.answer("cancel")
    assert question.explanation.startswith("This costs about $0.11, the price of ")
    assert "Only the picture leaves this computer" in question.explanation


@pytest.mark.parametrize(("usd", "questions"), [(0.105, 1), (0.5, 2), (2.0, 2)])
@on_desk(**CLOUD)
async def test_from_the_threshold_on_every_run_is_asked_about(desk, usd, questions):
    desk.service.price = Quote(usd, time.time())
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.state.quote or desk.service.quotes_asked)
    desk.controller.refresh_money()
    await desk.until(lambda: desk.state.quote)
    for count in (1, 2):
        desk.controller.sharpen()
        if count <= questions:
            await desk.answer("send")
        await desk.until(lambda count=count: len(desk.current.results) == count)
        await desk.idle()
    assert len(desk.dialogs.questions) == questions


@on_desk(**CLOUD, prefs=Prefs(ask_above_usd=0.0), quote=Quote(0.1, 0.0))
async def test_a_threshold_of_nothing_asks_always(desk):
    await desk.opened("a.jpg")
    for count in (1, 2):
        desk.controller.sharpen()
        await desk.answer("send")
        await desk.until(lambda count=count: len(desk.current.results) == count)
        await desk.idle()
    assert len(desk.dialogs.questions) == 2


@on_desk(has_key=True)
async def test_photos_of_last_time_are_not_sent_at_an_unknown_price_when_the_price_can_be_asked(desk):
    desk.service.price = Quote(0.105, time.time())
    file = desk.file("a.jpg")
    desk.archive.kept = (WaitingPhoto(str(file), "cloud", desk.state.settings),)
    desk.controller.started()
    await desk.until(lambda: desk.notices)
    desk.controller.resume_kept_queue()
    await desk.until(lambda: desk.dialogs.plans)
    await desk.idle_but_runs()
    assert desk.dialogs.plans[0].quote_usd == 0.105


@on_desk(has_key=True)
async def test_the_other_engine_is_not_used_once_at_an_unknown_price_when_the_price_can_be_asked(desk):
    desk.service.price = Quote(0.105, time.time())
    await desk.opened("a.jpg")
    desk.controller.sharpen_elsewhere()
    assert "This costs about $0.11" in (await desk.answer("cancel")).explanation


@on_desk(has_key=True)
async def test_a_price_that_did_not_come_is_asked_for_again_after_a_while(desk, monkeypatch):
    monkeypatch.setattr(money, "ASKED_AGAIN_S", 0.0)
    desk.controller.choose_engine("cloud")
    await desk.until(lambda: desk.service.quotes_asked)
    await desk.idle()
    desk.service.price = Quote(0.105, time.time())
    desk.controller.choose_engine("local")
    desk.controller.choose_engine("cloud")
    await desk.until(lambda: desk.state.quote)
