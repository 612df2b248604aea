"""Reading ahead: the neighbours are there before they are asked for, and nothing grows without bounds."""

import asyncio

from support.fakes import PHOTO_BYTES, on_desk

from sharpen_desktop.core.photo import Loading

NAMES = tuple(f"{number:02}.jpg" for number in range(30))


def ready(desk):
    """The names of the photos whose pixels are there."""
    return [photo.name for photo in desk.state.photos if photo.loading is Loading.READY]


async def opened(desk, *names):
    desk.pictures.can_read_ahead = True
    await desk.opened(*names)


async def stepped(desk, places):
    desk.controller.step_photo(places)
    await desk.until(lambda: desk.current.loading is Loading.READY)
    await desk.idle()


@on_desk()
async def test_the_next_photo_is_there_before_it_is_asked_for(desk):
    await opened(desk, "a.jpg", "b.jpg", "c.jpg")
    await desk.until(lambda: ready(desk) == ["a.jpg", "b.jpg"])
    assert desk.current.name == "a.jpg"
    desk.controller.step_photo(1)
    assert desk.current.loading is Loading.READY
    assert desk.pictures.read == ["a.jpg"]


@on_desk()
async def test_the_neighbour_in_the_direction_of_travel_comes_first_and_then_the_one_behind(desk):
    await desk.opened(*NAMES[:12])
    desk.pictures.can_read_ahead = True
    for place, expected in ((4, ["05.jpg", "03.jpg"]), (10, ["11.jpg", "09.jpg"]), (7, ["06.jpg", "08.jpg"])):
        desk.pictures.read_ahead.clear()
        desk.controller.show_photo(desk.state.photos[place].id)
        await desk.until(lambda expected=expected: len(desk.pictures.read_ahead) == len(expected))
        assert desk.pictures.read_ahead == expected


@on_desk()
async def test_nothing_is_guessed_until_what_was_asked_for_is_there(desk):
    desk.pictures.can_read_ahead = True
    desk.controller.open_paths([desk.file(name) for name in NAMES[:4]])
    await desk.until(lambda: len(desk.names) == 4 and desk.current.loading is Loading.READY)
    desk.pictures.reads.hold()
    desk.pictures.can_read_ahead = False
    desk.controller.show_photo(desk.state.photos[3].id)
    await desk.until(lambda: desk.pictures.reads.waiting)
    desk.pictures.can_read_ahead = True
    desk.pictures.read_ahead.clear()
    for _ in range(5):
        await asyncio.sleep(0)
    assert desk.pictures.read_ahead == []
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.pictures.read_ahead)


@on_desk()
async def test_a_guess_is_called_off_when_the_user_goes_elsewhere(desk):
    desk.pictures.aheads.hold()
    await opened(desk, *NAMES[:8])
    await desk.until(lambda: desk.pictures.read_ahead == ["01.jpg"])
    desk.pictures.reads.hold()
    desk.controller.show_photo(desk.state.photos[6].id)
    await desk.until(lambda: desk.pictures.called_off == ["01.jpg"])
    assert desk.current.loading is not Loading.READY
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.loading is Loading.READY)
    desk.pictures.aheads.let_go()


@on_desk()
async def test_a_photo_that_is_asked_for_while_it_is_guessed_is_not_read_twice(desk):
    desk.pictures.aheads.hold()
    await opened(desk, "a.jpg", "b.jpg")
    await desk.until(lambda: desk.pictures.read_ahead == ["b.jpg"])
    desk.controller.step_photo(1)
    await desk.pause()
    desk.pictures.aheads.let_go()
    await desk.until(lambda: desk.current.loading is Loading.READY)
    await desk.idle()
    assert desk.current.name == "b.jpg"
    assert desk.pictures.read == ["a.jpg"]
    assert desk.pictures.called_off == []


@on_desk()
async def test_a_photo_that_cannot_be_read_is_told_about_only_when_it_is_asked_for(desk):
    desk.pictures.refuse("b.jpg")
    await opened(desk, "a.jpg", "b.jpg")
    await desk.until(lambda: desk.pictures.read_ahead == ["b.jpg"])
    await desk.idle()
    assert desk.sentences == []
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.notices)
    assert desk.state.photos[1].loading is Loading.FAILED


@on_desk()
async def test_thirty_photos_take_no_more_than_the_budget_and_the_least_recently_used_goes_first(desk):
    desk.pictures.held_limit = 5 * PHOTO_BYTES
    await opened(desk, *NAMES)
    for _ in NAMES[1:]:
        await stepped(desk, 1)
        assert len(ready(desk)) <= 5
    assert ready(desk) == list(NAMES[-5:])
    assert len(desk.pictures.forgotten) == len(NAMES) - 5


@on_desk()
async def test_looking_at_a_photo_again_keeps_it_from_being_given_back_first(desk):
    desk.pictures.held_limit = 3 * PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    for places in (1, 1, -2, 3):  # a, b, c, a again, d
        await stepped(desk, places)
    assert ready(desk) == ["a.jpg", "c.jpg", "d.jpg"]


@on_desk()
async def test_nothing_is_read_ahead_where_only_the_shown_photo_has_room(desk):
    desk.pictures.held_limit = 2 * PHOTO_BYTES - 1
    await opened(desk, "a.jpg", "b.jpg")
    await desk.pause()
    assert desk.pictures.read_ahead == []


@on_desk()
async def test_a_photo_whose_file_has_changed_since_it_was_read_ahead_is_read_again_when_it_is_shown(desk):
    await opened(desk, "a.jpg", "b.jpg")
    await desk.until(lambda: ready(desk) == ["a.jpg", "b.jpg"])
    desk.pictures.changed.add("b.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.pictures.read == ["a.jpg", "b.jpg"])
    await desk.idle()
    assert desk.current.loading is Loading.READY


@on_desk()
async def test_a_changed_file_does_not_take_the_photo_from_under_its_results(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    await stepped(desk, 1)
    desk.pictures.changed.add("a.jpg")
    desk.pictures.read.clear()
    await stepped(desk, -1)
    assert desk.pictures.read == []
    assert len(desk.current.results) == 1
