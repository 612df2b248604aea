"""The key: given, kept, checked, forgotten, and never in the way."""

from support.fakes import on_desk

from sharpen_desktop.core.errors import Charge, CloudError, KeyRefused
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.money import Balance


@on_desk()
async def test_a_key_in_a_keyring_that_never_answers_delays_nothing(desk):
    desk.keys.loading.hold()
    desk.controller.started()
    await desk.opened_more("a.jpg")
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    assert not desk.state.has_key
    desk.keys.loading.let_go()


@on_desk()
async def test_a_kept_key_is_there_when_the_keyring_answers(desk):
    desk.keys.kept = KeyPlace.KEYRING
    desk.controller.started()
    await desk.until(lambda: desk.state.has_key)
    assert desk.state.key_place is KeyPlace.KEYRING
    assert desk.state.key_said == ""


@on_desk(engine="cloud")
async def test_a_key_that_is_given_while_the_keyring_is_asked_stays_the_one_in_use(desk):
    desk.keys.kept = KeyPlace.KEYRING
    desk.keys.loading.hold()
    desk.controller.started()
    await desk.pause()
    desk.controller.give_key("typed in")
    desk.keys.loading.let_go()
    await desk.idle()
    assert desk.state.key_place is KeyPlace.SESSION
    assert desk.state.has_key
    assert not desk.state.is_key_wanted


@on_desk()
async def test_keeping_and_forgetting_say_where_the_key_is(desk):
    desk.controller.give_key("a key")
    assert desk.state.key_place is KeyPlace.SESSION
    desk.controller.keep_key(KeyPlace.KEYRING)
    await desk.until(lambda: desk.state.key_said == KeyPlace.KEYRING.value)
    assert desk.state.key_place is KeyPlace.KEYRING
    desk.controller.forget_key()
    await desk.until(lambda: not desk.state.has_key)
    assert desk.state.key_said == "The key is removed."
    assert desk.state.key_place is KeyPlace.NONE


@on_desk(engine="cloud", has_key=True)
async def test_forgetting_the_key_opens_the_card_where_one_is_needed(desk):
    desk.controller.forget_key()
    await desk.until(lambda: desk.state.is_key_wanted)


@on_desk()
async def test_a_check_shows_that_it_goes_on_and_then_what_it_found(desk):
    desk.service.verdict = KeyVerdict.NO_MONEY
    desk.service.gate.hold()
    desk.controller.check_key("a key")
    assert desk.state.is_key_checking
    assert desk.state.key_verdict is None
    await desk.pause()
    desk.service.gate.let_go()
    await desk.until(lambda: desk.state.key_verdict is KeyVerdict.NO_MONEY)
    assert not desk.state.is_key_checking
    assert desk.service.checked == ["a key"]
    assert not desk.state.has_key


@on_desk()
async def test_of_two_checks_the_last_one_counts(desk):
    desk.service.gate.hold()
    desk.controller.check_key("one")
    await desk.pause()
    desk.controller.check_key("other")
    await desk.pause()
    assert desk.state.is_key_checking
    desk.service.gate.let_go()
    await desk.until(lambda: desk.state.key_verdict is KeyVerdict.WORKS)


@on_desk()
async def test_a_service_that_cannot_even_be_asked_leaves_the_key_unclear(desk, monkeypatch):
    async def broken():
        raise CloudError("The proxy setting is invalid.")

    monkeypatch.setattr(desk.controller._parts.key_desk, "_cloud", broken)
    desk.controller.check_key("a key")
    await desk.until(lambda: desk.state.key_verdict is KeyVerdict.UNCLEAR)
    assert not desk.state.is_key_checking


@on_desk(balance=Balance(12.4, "USD", 0.0))
async def test_the_balance_goes_with_the_key_it_was_read_with(desk):
    desk.controller.give_key("another key")
    assert desk.state.balance is None


@on_desk(engine="cloud")
async def test_a_keyring_that_does_not_keep_the_key_is_told_where_it_is_seen(desk, monkeypatch):
    async def keep(place):
        return f"This system has no keyring that could be used. {KeyPlace.SESSION.value}"

    monkeypatch.setattr(desk.keys, "keep", keep)
    desk.controller.give_key("a key")
    desk.controller.keep_key(KeyPlace.KEYRING)
    await desk.until(lambda: desk.notices)
    (notice,) = desk.notices
    assert notice.text.startswith("This system has no keyring")
    assert (notice.kind, list(dict(notice.wishes))) == ("offer", ["preferences"])


@on_desk(engine="cloud", has_key=True)
async def test_a_new_key_takes_away_what_was_said_of_the_old_one(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = KeyRefused("The service does not accept the key.", charge=Charge.NONE)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    desk.controller.give_key("another key")
    assert desk.notices == ()
