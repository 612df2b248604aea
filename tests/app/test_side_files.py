"""Pictures from the disk on a side: opened, compared, never sharpened or saved."""

from support.fakes import on_desk


@on_desk()
async def test_a_chosen_file_becomes_a_variant_on_its_side(desk):
    await desk.opened("a.jpg")
    result = await desk.sharpened()
    desk.dialogs.files = (desk.file("other.tif"), desk.file("more.tif"))
    desk.controller.choose_side_file("a")
    await desk.idle()
    variant = desk.current.before
    assert (variant.label, variant.source, variant.file) == (
        "other.tif",
        "file",
        str(desk.folder / "other.tif"),
    )
    assert desk.current.side_b == result.id
    assert desk.names == ["a.jpg"]
    assert desk.state.unsaved == (result,)


@on_desk()
async def test_thinking_better_of_it_changes_nothing(desk):
    await desk.opened("a.jpg")
    before = desk.current
    desk.controller.choose_side_file("b")
    await desk.idle()
    assert desk.current == before


@on_desk()
async def test_a_file_is_read_once_for_both_sides(desk):
    await desk.opened("a.jpg")
    path = desk.file("other.tif")
    for side in ("b", "a"):
        desk.controller.put_file_on_side(side, path)
        await desk.idle()
    assert desk.pictures.read.count("other.tif") == 1
    assert desk.current.side_a == desk.current.side_b == desk.current.variants[-1].id


@on_desk()
async def test_an_unreadable_file_is_said_and_leaves_both_sides(desk):
    await desk.opened("a.jpg")
    desk.pictures.refuse("other.tif")
    desk.controller.put_file_on_side("b", desk.file("other.tif"))
    await desk.idle()
    assert desk.sentences == ["other.tif cannot be opened: it is no picture."]
    assert len(desk.current.variants) == 1


@on_desk()
async def test_a_file_for_a_photo_that_was_closed_meanwhile_is_given_back(desk):
    await desk.opened("a.jpg")
    desk.pictures.reads.hold()
    desk.controller.put_file_on_side("b", desk.file("other.tif"))
    await desk.until(lambda: desk.pictures.reads.waiting)
    desk.controller.close_photo()
    await desk.until(lambda: not desk.names)
    desk.pictures.reads.let_go()
    await desk.idle()
    assert [each.facts.format for each in desk.pictures.forgotten[-1:]] == ["JPEG"]
    assert len(desk.pictures.forgotten) == 2


@on_desk()
async def test_a_new_result_leaves_the_file_on_side_b(desk):
    await desk.opened("a.jpg")
    desk.controller.put_file_on_side("b", desk.file("other.tif"))
    await desk.idle()
    await desk.sharpened()
    assert desk.current.after.label == "other.tif"


@on_desk()
async def test_a_file_is_not_saved_and_goes_without_a_question(desk):
    await desk.opened("a.jpg")
    desk.controller.put_file_on_side("b", desk.file("other.tif"))
    await desk.idle()
    desk.controller.save()
    await desk.idle()
    assert desk.pictures.saves == []
    desk.controller.delete_variant(desk.current.side_b)
    await desk.idle()
    assert desk.dialogs.questions == []
    assert len(desk.current.variants) == 1
    assert (desk.folder / "other.tif").exists()
