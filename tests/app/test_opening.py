"""Opening photos: from names, folders, the clipboard."""

import asyncio

import pytest
from support.fakes import PHOTO_BYTES, look_of, on_desk, picture_of

from sharpen_desktop.core.errors import PhotoUnreadable, SharpenError
from sharpen_desktop.core.photo import Loading


@on_desk()
async def test_of_several_files_the_first_is_shown_and_the_others_are_listed(desk):
    shown = await desk.opened("a.jpg", "b.jpg", "c.jpg")
    assert desk.names == ["a.jpg", "b.jpg", "c.jpg"]
    assert shown.name == "a.jpg"
    assert shown.original.facts.format == "JPEG"
    assert [photo.loading for photo in desk.state.photos] == [Loading.READY, Loading.LISTED, Loading.LISTED]
    assert desk.notices == ()


@on_desk()
async def test_photos_opened_later_are_added_and_the_first_of_them_is_shown(desk):
    await desk.opened("a.jpg")
    await desk.opened("b.jpg", "c.jpg")
    assert desk.names == ["a.jpg", "b.jpg", "c.jpg"]
    assert desk.current.name == "b.jpg"


@on_desk()
async def test_a_folder_is_opened_as_the_photos_in_it(desk):
    desk.pictures.folders["holiday"] = (desk.file("1.jpg"), desk.file("2.jpg"))
    desk.controller.open_paths([desk.folder / "holiday"])
    await desk.until(lambda: desk.names == ["1.jpg", "2.jpg"])


@on_desk()
async def test_a_first_look_is_shown_while_the_photo_is_still_being_read(desk):
    desk.pictures.looks["a.jpg"] = look_of("a.jpg")
    desk.pictures.reads.hold()
    desk.controller.open_paths([desk.file("a.jpg")])
    await desk.until(lambda: desk.state.current and desk.current.original)
    assert desk.current.loading is Loading.READING
    assert not desk.current.original.display.is_complete
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.loading is Loading.READY)
    assert desk.current.original.display.is_complete
    assert desk.pictures.looked_at == ["a.jpg"]


@on_desk()
async def test_a_file_that_cannot_be_read_gives_one_sentence_and_the_current_photo_stays(desk):
    await desk.opened("a.jpg")
    before = desk.state
    desk.pictures.refuse("bad.jpg", "it is cut off")
    desk.controller.open_paths([desk.file("bad.jpg")])
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["bad.jpg cannot be opened: it is cut off."]
    assert desk.notices[0].kind == "error"
    assert (desk.state.photos, desk.state.current_id) == (before.photos, before.current_id)


@on_desk()
async def test_a_file_whose_first_look_cannot_be_read_leaves_the_current_photo(desk):
    await desk.opened("a.jpg")
    desk.pictures.looks["bad.jpg"] = PhotoUnreadable("bad.jpg cannot be opened: it is empty.")
    desk.controller.open_paths([desk.file("bad.jpg")])
    await desk.until(lambda: desk.notices)
    assert desk.current.name == "a.jpg"
    assert desk.names == ["a.jpg"]


@on_desk()
async def test_a_file_that_turns_out_damaged_after_its_first_look_leaves_the_current_photo(desk):
    await desk.opened("a.jpg")
    desk.pictures.looks["bad.jpg"] = look_of("bad.jpg")
    desk.pictures.refuse("bad.jpg", "it is cut off")
    desk.controller.open_paths([desk.file("bad.jpg")])
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.current.name == "a.jpg"


@on_desk()
async def test_an_unreadable_first_of_several_is_named_and_the_next_one_is_shown(desk):
    desk.pictures.refuse("bad.jpg")
    desk.controller.open_paths([desk.file("bad.jpg"), desk.file("b.jpg"), desk.file("c.jpg")])
    await desk.until(lambda: desk.state.current and desk.current.loading is Loading.READY)
    await desk.idle()
    assert desk.current.name == "b.jpg"
    assert desk.names == ["b.jpg", "c.jpg"]
    assert desk.sentences == ["bad.jpg cannot be opened: it is no picture."]


@on_desk()
async def test_when_none_of_several_can_be_read_the_current_photo_stays_with_one_sentence(desk):
    await desk.opened("a.jpg")
    desk.pictures.refuse("bad.jpg")
    desk.pictures.refuse("worse.jpg")
    desk.controller.open_paths([desk.file("bad.jpg"), desk.file("worse.jpg")])
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert len(desk.notices) == 1
    assert desk.names == ["a.jpg"]


@on_desk()
async def test_among_several_files_those_that_are_no_photos_are_left_out_and_named(desk):
    desk.controller.open_paths([desk.file(name) for name in ("notes.txt", "a.jpg", "b.jpg", "a.xmp")])
    await desk.until(lambda: desk.names == ["a.jpg", "b.jpg"])
    await desk.idle()
    assert desk.sentences == ["Not opened, because no photo: notes.txt, a.xmp."]
    assert desk.notices[0].kind == "note"


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "0.txt."),
        (3, "0.txt, 1.txt, 2.txt."),
        (4, "0.txt, 1.txt, 2.txt and 1 more."),
        (6, "0.txt, 1.txt, 2.txt and 3 more."),
    ],
)
@on_desk()
async def test_a_long_list_of_files_that_are_no_photos_is_cut_short(desk, count, named):
    names = ["a.jpg", *(f"{number}.txt" for number in range(count))]
    desk.controller.open_paths([desk.file(name) for name in names])
    await desk.until(lambda: desk.names == ["a.jpg"])
    await desk.idle()
    assert desk.sentences == [f"Not opened, because no photo: {named}"]


@on_desk()
async def test_a_single_file_is_tried_whatever_its_name(desk):
    await desk.opened("holiday.backup")
    assert desk.names == ["holiday.backup"]
    assert desk.notices == ()


@on_desk()
async def test_an_empty_folder_is_named(desk):
    desk.pictures.folders["empty"] = ()
    desk.controller.open_paths([desk.folder / "empty"])
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["empty holds no photos that can be read."]
    assert desk.state.photos == ()


@on_desk()
async def test_several_folders_without_a_photo_give_one_sentence(desk):
    desk.pictures.folders.update({"one": (), "two": ()})
    desk.controller.open_paths([desk.folder / "one", desk.folder / "two"])
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["None of these holds a photo that can be read."]


@on_desk()
async def test_opening_nothing_does_nothing(desk):
    desk.controller.open_paths([])
    await desk.pause()
    assert desk.state.photos == ()
    assert desk.notices == ()


@on_desk()
async def test_a_crash_while_opening_is_told_plainly_and_the_photo_stays(desk, caplog):
    await desk.opened("a.jpg")
    desk.pictures.whole["odd.jpg"] = ZeroDivisionError("a bug")
    desk.controller.open_paths([desk.file("odd.jpg")])
    await desk.until(lambda: desk.notices)
    assert "went wrong" in desk.sentences[0]
    assert desk.notices[0].detail == "ZeroDivisionError: a bug"
    assert desk.names == ["a.jpg"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    caplog.clear()


# The list


@on_desk()
async def test_next_and_previous_show_the_neighbours_and_stop_at_the_ends(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.step_photo(-1)
    assert desk.current.name == "a.jpg"
    desk.controller.step_photo(1)
    assert desk.current.name == "b.jpg"
    await desk.until(lambda: desk.current.loading is Loading.READY)
    desk.controller.step_photo(1)
    assert desk.current.name == "b.jpg"
    desk.controller.step_photo(-1)
    assert desk.current.name == "a.jpg"
    await desk.idle()
    assert desk.pictures.read == ["a.jpg", "b.jpg"]


@on_desk()
async def test_a_photo_of_the_list_that_cannot_be_read_says_so_and_can_be_left_again(desk):
    await desk.opened("a.jpg", "bad.jpg", "c.jpg")
    desk.pictures.refuse("bad.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.FAILED)
    assert desk.sentences == ["bad.jpg cannot be opened: it is no picture."]
    assert desk.current.problem == desk.sentences[0]
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.READY)
    assert desk.current.name == "c.jpg"


@on_desk()
async def test_leaving_a_photo_for_one_to_be_read_stops_reading_it_and_coming_back_reads_it(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.pictures.reads.hold()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.pictures.read == ["a.jpg", "b.jpg"])
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.pictures.read == ["a.jpg", "b.jpg", "c.jpg"])
    assert desk.pictures.reads.waiting == 1
    assert [photo.loading for photo in desk.state.photos] == [Loading.READY, Loading.LISTED, Loading.READING]
    desk.pictures.reads.let_go()
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.current.name == "b.jpg" and desk.current.loading is Loading.READY)


@on_desk()
async def test_a_read_that_is_slow_to_give_up_does_not_wipe_the_photo_it_was_for(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    slow = desk.pictures.give_up_slowly("b.jpg")
    desk.pictures.reads.hold()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.pictures.reads.waiting)
    desk.controller.step_photo(1)
    await desk.until(lambda: slow.waiting)
    desk.pictures.reads.let_go()
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.current.name == "b.jpg" and desk.current.loading is Loading.READY)
    slow.let_go()
    await desk.idle()
    assert desk.current.loading is Loading.READY


@on_desk()
async def test_closing_a_photo_shows_and_reads_its_neighbour_and_gives_its_pixels_back(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.close_photo()
    await desk.until(lambda: desk.names == ["b.jpg"] and desk.current.loading is Loading.READY)
    assert [each.master.folder for each in desk.pictures.forgotten] == ["/cache/a.jpg"]
    assert (desk.folder / "a.jpg").exists()


@on_desk()
async def test_closing_the_last_photo_leaves_the_window_empty(desk):
    await desk.opened("a.jpg")
    desk.controller.close_photo()
    await desk.until(lambda: not desk.state.photos)
    await desk.idle()
    assert desk.state.current is None
    assert desk.notices == ()
    desk.controller.close_photo()
    await desk.idle()


@on_desk()
async def test_a_photo_that_was_closed_while_being_read_says_nothing_any_more(desk):
    await desk.opened("a.jpg")
    desk.pictures.looks["bad.jpg"] = look_of("bad.jpg")
    desk.pictures.refuse("bad.jpg")
    desk.pictures.reads.hold()
    desk.controller.open_paths([desk.file("bad.jpg")])
    await desk.until(lambda: desk.pictures.reads.waiting)
    desk.controller.close_photo()
    await desk.until(lambda: desk.names == ["a.jpg"])
    await desk.until(lambda: not desk.pictures.reads.waiting)
    desk.pictures.reads.let_go()
    await desk.idle()
    assert desk.notices == ()


@on_desk()
async def test_pixels_of_photos_that_are_not_shown_are_given_back_when_there_are_too_many(desk):
    desk.pictures.held_limit = 2 * PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    result = await desk.sharpened()
    for _ in range(3):
        desk.controller.step_photo(1)
        await desk.until(lambda: desk.current.loading is Loading.READY)
    await desk.idle()
    assert [photo.loading for photo in desk.state.photos] == [
        Loading.LISTED,
        Loading.LISTED,
        Loading.READY,
        Loading.READY,
    ]
    given_back = [each.master.folder for each in desk.pictures.forgotten]
    assert sorted(given_back) == ["/cache/a.jpg", "/cache/b.jpg", "/cache/local-1.tif"]
    kept = desk.state.photos[0].results[0]
    assert (kept.id, kept.title, kept.file) == (result.id, result.title, result.file)
    assert kept.display is None


@on_desk()
async def test_a_photo_whose_pixels_were_given_back_has_its_results_again_when_it_is_shown(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg")
    before = await desk.sharpened()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    await desk.idle()
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.current.results[0].display)
    await desk.idle()
    assert desk.current.results == (before,)
    assert desk.current.after == before
    assert desk.pictures.read.count("local-1.tif") == 2


@on_desk()
async def test_a_result_whose_file_has_gone_meanwhile_leaves_the_list_with_a_reason(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    desk.pictures.refuse("local-1.tif", "it is gone")
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert "is no longer kept" in desk.sentences[0]
    assert desk.current.results == ()
    assert desk.current.loading is Loading.READY
    assert desk.state.view == "single"


@on_desk()
async def test_the_pixels_of_a_photo_are_kept_while_it_is_being_sharpened(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    await desk.running(desk.local)
    for _ in range(2):
        desk.controller.step_photo(1)
        await desk.until(lambda: desk.current.loading is Loading.READY)
    assert [photo.loading for photo in desk.state.photos] == [Loading.READY, Loading.LISTED, Loading.READY]
    assert [each.master.folder for each in desk.pictures.forgotten] == ["/cache/b.jpg"]


@on_desk()
async def test_a_forgotten_photo_is_read_again_when_it_is_shown_again(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.current.name == "a.jpg" and desk.current.loading is Loading.READY)


@on_desk()
async def test_what_is_not_kept_of_a_photo_is_said_in_the_status(desk):
    desk.pictures.whole["a.gif"] = picture_of("a.gif", notes=("Only the first of 12 frames is opened.",))
    await desk.opened("a.gif")
    assert desk.state.status == "Only the first of 12 frames is opened."


# Other ways in


@on_desk()
async def test_a_pasted_picture_is_shown_under_a_name_of_its_own(desk):
    written = []

    async def write(path):
        written.append(path)
        return True

    desk.controller.open_pasted(write)
    await desk.until(lambda: desk.state.current and desk.current.loading is Loading.READY)
    assert desk.current.is_pasted
    assert desk.current.name == "Pasted picture"
    assert desk.current.path == str(written[0])
    assert written[0].parent == desk.folder
    assert written[0].suffix == ".png"


@on_desk()
async def test_two_pasted_pictures_do_not_share_a_file(desk):
    written = []

    async def write(path):
        written.append(path)
        return True

    for count in (1, 2):
        desk.controller.open_pasted(write)
        await desk.until(lambda count=count: len(desk.state.photos) == count)
    assert len(set(written)) == 2


@on_desk()
async def test_a_clipboard_without_a_picture_says_so_and_the_photo_stays(desk):
    await desk.opened("a.jpg")

    async def write(path):
        return False

    desk.controller.open_pasted(write)
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["The clipboard holds no picture that can be read."]
    assert desk.names == ["a.jpg"]


@on_desk()
async def test_the_sample_is_opened_like_any_photo(desk):
    desk.controller.open_sample()
    await desk.until(lambda: desk.names == ["sample.jpg"])


@on_desk()
async def test_chosen_files_are_opened_and_the_chooser_starts_where_the_last_save_went(desk):
    desk.controller.change_prefs(last_folder="/photos")
    desk.dialogs.files = (desk.file("a.jpg"), desk.file("b.jpg"))
    desk.controller.choose_files()
    await desk.until(lambda: desk.names == ["a.jpg", "b.jpg"])
    assert desk.dialogs.asked_in == ["/photos"]


@on_desk()
async def test_a_chosen_folder_is_opened(desk):
    desk.pictures.folders["holiday"] = (desk.file("1.jpg"),)
    desk.dialogs.folder = desk.folder / "holiday"
    desk.controller.choose_folder()
    await desk.until(lambda: desk.names == ["1.jpg"])


@on_desk()
async def test_thinking_better_of_choosing_opens_nothing(desk):
    desk.controller.choose_files()
    await desk.idle()
    desk.controller.choose_folder()
    await desk.idle()
    assert desk.state.photos == ()
    assert desk.notices == ()


@on_desk()
async def test_photos_dropped_one_after_the_other_are_all_opened(desk):
    desk.pictures.reads.hold()
    desk.controller.open_paths([desk.file("a.jpg")])
    await desk.until(lambda: desk.pictures.reads.waiting)
    desk.controller.open_paths([desk.file("b.jpg")])
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.state.current and desk.current.loading is Loading.READY)
    await desk.idle()
    assert desk.names == ["a.jpg", "b.jpg"]


@on_desk()
async def test_two_openings_in_one_moment_are_both_done_in_their_order(desk):
    desk.controller.open_paths([desk.file("a.jpg")])
    desk.controller.open_paths([desk.file("b.jpg")])
    await desk.until(lambda: desk.names == ["a.jpg", "b.jpg"])
    await desk.idle()
    assert desk.current.name == "b.jpg"


@on_desk()
async def test_an_opening_that_never_began_because_the_program_ends_leaves_nothing_behind(desk):
    desk.controller.open_paths([desk.file("a.jpg")])
    await desk.controller.aclose()
    desk.controller.open_paths([desk.file("b.jpg")])
    desk.controller.open_pasted(lambda _: asyncio.sleep(0, True))
    await desk.pause()
    assert desk.names == []


@on_desk()
async def test_an_error_of_any_kind_while_listing_becomes_one_notice(desk):
    desk.pictures.whole["a.jpg"] = SharpenError("The cache folder is full.", detail="errno 28")
    desk.controller.open_paths([desk.file("a.jpg")])
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["The cache folder is full."]
    assert desk.notices[0].detail == "errno 28"


ADDRESS = "https://example.com/photos/harbour.jpg?size=large"


@on_desk()
async def test_a_picture_of_a_web_page_is_fetched_and_opened_with_its_address(desk):
    desk.controller.open_web(ADDRESS)
    await desk.until(lambda: desk.state.current)
    photo = desk.state.current
    assert (photo.name, photo.web_address) == ("harbour.jpg", ADDRESS)
    assert desk.service.fetched[0][0] == ADDRESS


@on_desk()
async def test_a_picture_that_cannot_be_fetched_is_told_and_opens_nothing(desk):
    desk.service.fetch_problem = PhotoUnreadable("The picture could not be fetched.")
    desk.controller.open_web(ADDRESS)
    await desk.until(lambda: desk.state.notices)
    assert desk.state.notices[0].text.startswith("The picture could not be fetched.")
    assert not desk.state.photos
