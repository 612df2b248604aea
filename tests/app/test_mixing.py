"""Mixes are made when they were changed, and everything that leaves the program holds them."""

from pathlib import Path

from support.fakes import on_desk

from sharpen_desktop.core.errors import EngineFailed
from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.mixing import mix_wish


async def with_mix(desk, share=0.4):
    """A photo with a result that is mixed, and the mix made."""
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.mix(share)
    desk.controller.end_edit()
    await settled(desk)
    return result(desk)


def result(desk):
    return desk.current.results[-1]


async def settled(desk):
    await desk.until(
        lambda: result(desk).mixed and result(desk).mixed.wish == mix_wish(desk.current, result(desk))
    )


@on_desk()
async def test_while_the_slider_moves_nothing_is_made_and_then_one_mix(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    for percent in range(99, 30, -1):
        desk.controller.mix(percent / 100)
    await settled(desk)
    assert [wish.share for wish in desk.mixer.wishes] == [0.31]
    assert result(desk).look == result(desk).mixed.display


@on_desk()
async def test_a_mix_that_is_no_longer_wanted_is_called_off(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.mixer.gate.hold()
    desk.controller.mix(0.5)
    await desk.until(lambda: desk.mixer.gate.waiting)
    desk.controller.mix(1.0)
    await desk.until(lambda: desk.mixer.stops)
    assert result(desk).mixed is None
    desk.mixer.gate.let_go()


@on_desk()
async def test_the_pixels_of_an_earlier_mix_are_given_back(desk):
    first = (await with_mix(desk)).mixed
    desk.controller.mix(0.6)
    await settled(desk)
    assert desk.mixer.forgotten == [first]
    second = result(desk).mixed
    desk.controller.close_photo()
    await desk.answer("close")
    await desk.until(lambda: desk.mixer.forgotten == [first, second])


@on_desk()
async def test_a_save_writes_the_mix_with_the_metadata_of_the_photo(desk):
    mixed = (await with_mix(desk)).mixed
    desk.dialogs.targets.append(desk.folder / "out.png")
    desk.controller.save_as()
    await desk.idle()
    picture, metadata_of, target, _, received = desk.pictures.saves[-1]
    assert (picture, metadata_of.folder, target.name, received) == (
        mixed.master, "/cache/a.jpg", "out.png", None,
    )  # fmt: skip
    assert result(desk).saved_mix == Mix(0.4)
    assert not result(desk).is_unsaved


@on_desk()
async def test_at_all_of_the_result_the_result_itself_is_saved_as_it_came(desk):
    desk.controller.give_key("sk-made-up-0123456789")
    await desk.opened("a.jpg")
    desk.controller.choose_engine("cloud")
    await with_answers(desk)
    made = result(desk)
    desk.controller.mix(0.5)
    desk.controller.mix(1.0)
    desk.dialogs.targets.append(desk.folder / "out.png")
    desk.controller.save_as()
    await desk.until(lambda: desk.pictures.saves)
    await desk.idle()
    picture, _, _, _, received = desk.pictures.saves[-1]
    assert (picture, received) == (made.master, Path(made.file))
    assert desk.mixer.wishes == []


@on_desk()
async def test_a_mix_of_what_was_paid_for_is_no_longer_the_file_that_came(desk):
    desk.controller.give_key("sk-made-up-0123456789")
    await desk.opened("a.jpg")
    desk.controller.choose_engine("cloud")
    await with_answers(desk)
    desk.controller.mix(0.5)
    desk.dialogs.targets.append(desk.folder / "out.png")
    desk.controller.save_as()
    await desk.until(lambda: desk.pictures.saves)
    await desk.idle()
    picture, _, _, _, received = desk.pictures.saves[-1]
    assert (picture, received) == (result(desk).mixed.master, None)


async def with_answers(desk):
    desk.controller.sharpen()
    await desk.until(lambda: desk.dialogs.open_question or desk.current.results)
    if desk.dialogs.open_question:
        desk.dialogs.press(desk.dialogs.open_question.buttons[-1][0])
    await desk.until(lambda: desk.current.results)
    await desk.idle()


@on_desk()
async def test_a_save_waits_for_the_mix_that_is_being_made_and_makes_none_of_its_own(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.mixer.gate.hold()
    desk.controller.mix(0.5)
    await desk.until(lambda: desk.mixer.gate.waiting)
    desk.dialogs.targets.append(desk.folder / "out.png")
    desk.controller.save_as()
    await desk.until(lambda: desk.state.saving)
    assert desk.pictures.saves == []
    desk.mixer.gate.let_go()
    await desk.until(lambda: desk.pictures.saves)
    await desk.idle()
    assert len(desk.mixer.wishes) == 1


@on_desk()
async def test_pixels_that_are_being_saved_are_not_given_back_meanwhile(desk):
    first = (await with_mix(desk)).mixed
    desk.pictures.writes.hold()
    desk.dialogs.targets.append(desk.folder / "out.png")
    desk.controller.save_as()
    await desk.until(lambda: desk.pictures.writes.waiting)
    desk.controller.mix(0.7)
    await settled(desk)
    assert desk.mixer.forgotten == []
    desk.pictures.writes.let_go()
    await desk.until(lambda: desk.mixer.forgotten == [first])
    assert desk.pictures.saves[-1][0] == first.master
    await desk.idle()
    assert result(desk).is_unsaved  # it is mixed otherwise now


@on_desk()
async def test_copying_and_dragging_out_hand_over_the_mix_and_a_new_one_when_it_changes(desk):
    mixed = (await with_mix(desk)).mixed
    got = []
    desk.controller.copy_shown(lambda png, file: got.append((png, file)))
    await desk.until(lambda: got)
    assert got[0][0] == f"png of {mixed.master.folder}".encode()
    assert desk.pictures.saves[-1][0] == mixed.master
    desk.controller.prepare_handout(result(desk).id)
    await desk.until(lambda: result(desk).handout)
    assert len(desk.pictures.saves) == 1  # the file of the copy is the same
    desk.controller.mix(0.8)
    assert result(desk).handout == ""
    await settled(desk)
    desk.controller.prepare_handout(result(desk).id)
    await desk.until(lambda: result(desk).handout)
    assert desk.pictures.saves[-1][0] == result(desk).mixed.master


@on_desk()
async def test_a_mix_that_cannot_be_made_is_said_once_and_a_save_says_so_too(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.mixer.problem = EngineFailed("The mix could not be made; the result itself is whole.")
    desk.controller.mix(0.5)
    await desk.until(lambda: desk.sentences)
    assert "could not be made" in desk.sentences[0]
    desk.dialogs.targets.append(desk.folder / "out.png")
    desk.controller.save_as()
    await desk.idle()
    assert desk.pictures.saves == []
    assert not result(desk).saved_to


@on_desk()
async def test_undo_shows_the_result_whose_mix_it_changes(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.edit_setting("mode", "Strong")
    desk.controller.end_edit()
    await desk.sharpened()
    desk.controller.mix(0.5)
    first, second = desk.current.results
    desk.controller.choose_side("b", first.id)
    desk.controller.undo()
    assert desk.current.side_b == second.id
    assert result(desk).mix == Mix()
    await desk.opened("b.jpg")
    desk.controller.redo()
    assert desk.current.name == "a.jpg"
    assert result(desk).mix == Mix(0.5)
    await desk.idle()
    await settled(desk)


@on_desk()
async def test_the_process_gets_ready_when_the_group_is_open_beside_a_result(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    assert desk.mixer.warmed == 0
    desk.controller.change_prefs(open_groups=("mix",))
    desk.controller.mix(0.5)
    assert desk.mixer.warmed == 1
    await settled(desk)
