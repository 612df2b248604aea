"""Variants as files for other programs: dragged out of the window, or on the clipboard."""

from pathlib import Path

from support.fakes import on_desk

from sharpen_desktop.core.errors import SaveFailed


async def with_result(desk, name="a.jpg"):
    await desk.opened(name)
    return await desk.sharpened()


def handout(desk, place=-1):
    return desk.current.variants[place].handout


async def handed_out(desk, variant_id):
    desk.controller.prepare_handout(variant_id)
    await desk.idle()
    return handout(desk)


@on_desk()
async def test_a_file_is_written_in_the_session_folder_under_the_name_a_save_would_suggest(desk):
    result = await with_result(desk)
    desk.file("a-sharp.jpg")
    desk.pictures.writes.hold()
    desk.controller.prepare_handout(result.id)
    await desk.until(lambda: desk.pictures.writes.waiting)
    assert desk.current.variants[-1].is_handing_out
    assert handout(desk) == ""
    desk.pictures.writes.let_go()
    await desk.idle()
    assert not desk.current.variants[-1].is_handing_out
    file = Path(handout(desk))
    assert file.name == "a-sharp-2.jpg"
    assert file.parent.parent == desk.folder
    picture, metadata_of, _, options, _ = desk.pictures.saves[-1]
    assert (picture, metadata_of.folder, options.format) == (result.master, "/cache/a.jpg", "jpeg")
    assert desk.current.results[0].saved_to == ""  # it is in no file of the user's
    assert desk.dialogs.suggestions == []


@on_desk()
async def test_a_file_is_written_once_and_again_only_when_it_would_be_saved_otherwise(desk):
    result = await with_result(desk)
    first = await handed_out(desk, result.id)
    assert await handed_out(desk, result.id) == first
    assert len(desk.pictures.saves) == 1
    desk.controller.change_prefs(save_format="png")
    second = await handed_out(desk, result.id)
    assert Path(second).suffix == ".png"
    assert len(desk.pictures.saves) == 2


@on_desk()
async def test_the_original_is_handed_out_as_the_file_it_is(desk):
    photo = await desk.opened("a.jpg")
    assert await handed_out(desk, photo.variants[0].id) == photo.path
    assert desk.pictures.saves == []


@on_desk()
async def test_a_file_that_cannot_be_written_is_said_and_tried_again_next_time(desk, caplog):
    result = await with_result(desk)
    desk.pictures.save_problem = SaveFailed("a-sharp.jpg could not be saved: the disk is full.")
    assert await handed_out(desk, result.id) == ""
    assert desk.state.status == "a-sharp.jpg could not be saved: the disk is full."
    assert not desk.current.variants[-1].is_handing_out
    desk.pictures.save_problem = None
    assert await handed_out(desk, result.id)


@on_desk()
async def test_older_files_make_room(desk):
    await desk.opened("a.jpg")
    results = [await desk.sharpened() for _ in range(6)]
    for result in results:
        await handed_out(desk, result.id)
    kept = [bool(each.handout) for each in desk.current.results]
    assert kept == [False, False, True, True, True, True]
    assert len([each for each in desk.folder.iterdir() if each.name.startswith("handout-")]) == 4


@on_desk()
async def test_a_copy_is_the_pixels_alone_and_a_whole_file(desk):
    result = await with_result(desk)
    copies = []
    desk.controller.copy_shown(lambda png, file: copies.append((png, file)))
    await desk.idle()
    ((png, file),) = copies
    assert png == f"png of {result.master.folder}".encode()
    assert file.name == "a-sharp.jpg"
    assert file.read_bytes() == b"saved"
    assert desk.state.status == f"Copied {result.title}"
    assert not list(desk.folder.glob("copy-*"))


@on_desk()
async def test_a_copy_uses_the_file_that_was_made_for_dragging(desk):
    result = await with_result(desk)
    first = await handed_out(desk, result.id)
    copies = []
    desk.controller.copy_shown(lambda _, file: copies.append(file))
    await desk.idle()
    assert copies == [Path(first)]


@on_desk()
async def test_a_photo_without_results_is_copied_with_its_own_file(desk):
    photo = await desk.opened("a.jpg")
    copies = []
    desk.controller.copy_shown(lambda _, file: copies.append(file))
    await desk.idle()
    assert copies == [Path(photo.path)]


@on_desk()
async def test_a_copy_that_fails_is_said_and_leaves_the_clipboard(desk):
    await with_result(desk)
    desk.pictures.save_problem = SaveFailed("It could not be copied.")
    copies = []
    desk.controller.copy_shown(lambda *copied: copies.append(copied))
    await desk.idle()
    assert copies == []
    assert desk.sentences == ["It could not be copied."]
    assert desk.state.status == ""


@on_desk()
async def test_nothing_is_copied_where_nothing_is_shown(desk):
    desk.controller.copy_shown(lambda *_: None)
    desk.controller.prepare_handout("none")
    await desk.idle()
    assert desk.pictures.saves == []
