"""Saving: beside the photo, complete, never over anything without a plain question."""

import os
from pathlib import Path

import pytest
from support.fakes import on_desk, picture_of

from sharpen_desktop.core.errors import SaveFailed

OPENED = b"the photo's own bytes"


async def with_result(desk, name="a.jpg"):
    await desk.opened(name)
    return await desk.sharpened()


async def saved(desk):
    """Wait until a save has ended."""
    await desk.until(lambda: desk.pictures.saves)
    await desk.idle()
    return desk.pictures.saves[-1]


@on_desk()
async def test_save_suggests_the_name_with_sharp_beside_the_photo_and_writes_the_shown_result(desk):
    result = await with_result(desk)
    desk.controller.save()
    picture, metadata_of, target, options, received = await saved(desk)
    assert desk.dialogs.suggestions == [desk.folder / "a-sharp.jpg"]
    assert target == desk.folder / "a-sharp.jpg"
    assert picture == result.master
    assert metadata_of.folder == "/cache/a.jpg"
    assert (options.format, options.quality) == ("jpeg", 95)
    assert received is None
    assert desk.current.results[0].saved_to == str(target)
    assert desk.state.unsaved == ()
    assert desk.state.saving == ""
    assert desk.state.status == "Saved a-sharp.jpg · JPEG 8 bit"
    assert desk.dialogs.questions == []
    assert desk.notices == ()


@on_desk()
async def test_save_again_writes_the_same_file_without_a_question(desk):
    await with_result(desk)
    desk.controller.save()
    await saved(desk)
    desk.controller.save()
    await desk.until(lambda: len(desk.pictures.saves) == 2)
    await desk.idle()
    assert [each[2].name for each in desk.pictures.saves] == ["a-sharp.jpg", "a-sharp.jpg"]
    assert len(desk.dialogs.suggestions) == 1
    assert desk.dialogs.questions == []


@on_desk()
async def test_a_new_result_of_the_same_photo_gets_a_file_of_its_own(desk):
    await with_result(desk)
    desk.controller.save()
    await saved(desk)
    await desk.sharpened()
    desk.controller.save()
    await desk.until(lambda: len(desk.pictures.saves) == 2)
    assert desk.dialogs.suggestions[-1].name == "a-sharp-2.jpg"


@on_desk()
async def test_save_as_asks_for_a_name_every_time(desk):
    await with_result(desk)
    desk.controller.save_as()
    await saved(desk)
    desk.dialogs.targets.append(desk.folder / "b.png")
    desk.controller.save_as()
    await desk.until(lambda: len(desk.pictures.saves) == 2)
    await desk.idle()
    assert [path.name for path in desk.dialogs.suggestions] == ["a-sharp.jpg", "a-sharp-2.jpg"]
    assert desk.pictures.saves[1][3].format == "png"
    assert desk.current.results[0].saved_to == str(desk.folder / "b.png")


@on_desk()
async def test_thinking_better_of_a_name_saves_nothing(desk):
    await with_result(desk)
    desk.dialogs.targets.append(None)
    desk.controller.save()
    await desk.idle()
    assert desk.pictures.saves == []
    assert len(desk.state.unsaved) == 1


@on_desk()
async def test_the_original_is_replaced_only_after_a_plain_question(desk):
    await with_result(desk)
    desk.dialogs.targets.append(desk.folder / "a.jpg")
    desk.controller.save()
    question = await desk.question()
    assert "original a.jpg" in question.text
    assert "cannot be undone" in question.explanation
    assert question.escape == "no"
    assert question.buttons[0] == ("no", "Cancel")
    assert desk.pictures.saves == []
    desk.dialogs.press("no")
    await desk.idle()
    assert desk.pictures.saves == []
    assert (desk.folder / "a.jpg").read_bytes() == OPENED
    desk.dialogs.targets.append(desk.folder / "a.jpg")
    desk.controller.save()
    await desk.answer("yes")
    assert (await saved(desk))[2].name == "a.jpg"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("link", [os.link, os.symlink])
@on_desk()
async def test_another_name_for_the_original_is_asked_about_as_the_original(desk, link):
    await with_result(desk)
    other = desk.folder / "other.jpg"
    link(desk.folder / "a.jpg", other)
    desk.dialogs.targets.append(other)
    desk.controller.save()
    assert "original" in (await desk.answer("no")).text
    await desk.idle()
    assert desk.pictures.saves == []


@on_desk()
async def test_another_existing_file_is_replaced_only_after_a_question(desk):
    await with_result(desk)
    there = desk.file("there.jpg")
    for button, count in (("no", 0), ("yes", 1)):
        desk.dialogs.targets.append(there)
        desk.controller.save()
        question = await desk.answer(button)
        await desk.idle()
        assert question.text == "Replace there.jpg?"
        assert question.escape == "no"
        assert len(desk.pictures.saves) == count
    assert len(desk.dialogs.questions) == 2


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@on_desk()
async def test_a_link_that_leads_nowhere_is_an_existing_file(desk):
    await with_result(desk)
    link = desk.folder / "link.jpg"
    link.symlink_to(desk.folder / "missing.jpg")
    desk.dialogs.targets.append(link)
    desk.controller.save()
    assert (await desk.answer("no")).text == "Replace link.jpg?"
    await desk.idle()


@on_desk()
async def test_an_ending_that_is_added_is_part_of_the_question(desk):
    await with_result(desk)
    desk.file("there.jpg")
    desk.dialogs.targets.append(desk.folder / "there")
    desk.controller.save()
    assert (await desk.answer("no")).text == "Replace there.jpg?"
    await desk.idle()


@on_desk()
async def test_a_name_without_an_ending_gets_the_one_of_the_format(desk):
    await with_result(desk)
    desk.dialogs.targets.append(desk.folder / "mine")
    desk.controller.save()
    assert (await saved(desk))[2].name == "mine.jpg"


@on_desk()
async def test_the_format_and_the_quality_are_those_of_the_preferences(desk):
    desk.controller.change_prefs(save_format="webp", save_quality=70)
    await with_result(desk)
    desk.controller.save()
    _, _, target, options, _ = await saved(desk)
    assert target.name == "a-sharp.webp"
    assert (options.format, options.quality) == ("webp", 70)


@on_desk()
async def test_16_bit_results_are_said_to_be_saved_in_16_bit_only_where_they_are(desk):
    desk.pictures.whole["a.tif"] = picture_of("a.tif", depth=16, kind="TIFF")
    desk.pictures.whole["local-1.tif"] = picture_of("local-1.tif", depth=16, kind="TIFF")
    await with_result(desk, "a.tif")
    desk.controller.save()
    await saved(desk)
    assert desk.state.status == "Saved a-sharp.tif · TIFF 16 bit"
    desk.dialogs.targets.append(desk.folder / "b.jpg")
    desk.controller.save_as()
    await desk.until(lambda: len(desk.pictures.saves) == 2)
    await desk.idle()
    assert desk.state.status == "Saved b.jpg · JPEG 8 bit"


@on_desk(engine="cloud", has_key=True)
async def test_a_result_of_the_cloud_is_saved_with_the_file_that_came(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    desk.controller.save()
    assert (await saved(desk))[4] == Path("/results/cloud-1.tif")


@on_desk()
async def test_what_could_not_be_kept_is_said(desk):
    await with_result(desk)
    desk.pictures.save_notes = ("IPTC was kept as XMP.",)
    desk.controller.save()
    await saved(desk)
    assert desk.sentences == ["Saved a-sharp.jpg. IPTC was kept as XMP."]
    assert desk.notices[0].kind == "note"


@on_desk()
async def test_a_save_that_fails_says_so_changes_nothing_and_can_be_tried_elsewhere(desk):
    await with_result(desk)
    desk.pictures.save_problem = SaveFailed("a-sharp.jpg was not saved: the disk is full.", detail="errno 28")
    desk.controller.save()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["a-sharp.jpg was not saved: the disk is full."]
    assert dict(desk.notices[0].wishes).keys() == {"save_elsewhere"}
    assert len(desk.state.unsaved) == 1
    assert desk.state.saving == ""
    assert desk.state.status == ""
    desk.pictures.save_problem = None
    desk.dialogs.targets.append(desk.folder / "elsewhere.jpg")
    desk.controller.act(desk.notices[0].id, "save_elsewhere")
    assert (await saved(desk))[2].name == "elsewhere.jpg"
    assert desk.notices == ()


@on_desk()
async def test_while_a_save_goes_on_it_is_in_the_state_and_no_second_one_starts(desk):
    result = await with_result(desk)
    desk.pictures.writes.hold()
    desk.controller.save()
    await desk.until(lambda: desk.pictures.writes.waiting)
    assert desk.state.saving == result.id
    assert desk.state.status == "Saving a-sharp.jpg"
    desk.controller.save()
    desk.controller.save_as()
    desk.pictures.writes.let_go()
    await desk.idle()
    assert len(desk.pictures.saves) == 1


@on_desk()
async def test_a_save_goes_on_while_other_photos_are_looked_at(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.pictures.writes.hold()
    desk.controller.save()
    await desk.until(lambda: desk.pictures.writes.waiting)
    desk.controller.step_photo(1)
    desk.pictures.writes.let_go()
    await saved(desk)
    assert desk.state.photos[0].results[0].saved_to
    assert desk.current.name == "b.jpg"


@on_desk()
async def test_the_side_that_is_shown_after_is_what_is_saved(desk):
    first = await with_result(desk)
    await desk.sharpened()
    desk.controller.choose_side("b", first.id)
    desk.controller.save()
    assert (await saved(desk))[0] == first.master
    assert [variant.is_unsaved for variant in desk.current.results] == [False, True]


@on_desk()
async def test_the_folder_of_a_save_is_remembered(desk):
    await with_result(desk)
    (desk.folder / "out").mkdir()
    desk.dialogs.targets.append(desk.folder / "out" / "x.jpg")
    desk.controller.save()
    await saved(desk)
    assert desk.state.prefs.last_folder == str(desk.folder / "out")


@on_desk()
async def test_a_pasted_picture_is_saved_where_the_last_save_went(desk):
    (desk.folder / "out").mkdir()
    desk.controller.change_prefs(last_folder=str(desk.folder / "out"))

    async def write(path):
        return True

    desk.controller.open_pasted(write)
    await desk.until(lambda: desk.state.current and desk.current.original)
    await desk.idle()
    await desk.sharpened()
    desk.controller.save()
    assert (await saved(desk))[2] == desk.folder / "out" / "pasted-sharp.jpg"


@on_desk()
async def test_without_a_photo_nothing_is_saved(desk):
    desk.controller.save()
    desk.controller.save_as()
    await desk.idle()
    assert desk.dialogs.suggestions == []
    assert desk.notices == ()


@on_desk()
async def test_retrying_a_save_of_a_photo_that_is_gone_saves_no_other_one(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.pictures.save_problem = SaveFailed("a-sharp.jpg was not saved: the disk is full.")
    desk.controller.save()
    await desk.until(lambda: desk.notices)
    desk.pictures.save_problem = None
    desk.controller.close_photo()
    await desk.answer("close")
    await desk.until(lambda: desk.names == ["b.jpg"])
    await desk.idle()
    desk.controller.act(desk.notices[0].id, "save_elsewhere")
    await desk.idle()
    assert desk.pictures.saves == []
