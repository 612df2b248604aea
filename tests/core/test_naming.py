"""Names of saved files."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.naming import (
    DEEP_FORMATS,
    LABELS,
    SUFFIX_OF_FORMAT,
    format_for,
    format_of_name,
    looks_readable,
    suggested_name,
    web_name,
    with_ending,
)

formats = st.sampled_from(tuple(SUFFIX_OF_FORMAT))
file_names = st.one_of(
    st.text("abzAZ09 ._-~'%#äßİ日é\u0301\u200e\U0001f4f7\n", min_size=1, max_size=40),
    st.sampled_from(["a.jpg", "a-sharp.jpg", ".jpg", "jpg", "a.tar.gz", "a.", "a..png", "A-SHARP.JPG"]),
).filter(lambda name: name not in {".", ".."})


def free(_name):
    return False


@given(file_names, formats)
def test_the_suggested_name_is_never_the_name_of_the_source(name, save_format):
    assert suggested_name(name, save_format, free).casefold() != name.casefold()


@given(file_names, formats, st.integers(0, 8))
def test_the_suggested_name_is_never_taken(name, save_format, count):
    taken = set()
    for _ in range(count):
        taken.add(suggested_name(name, save_format, taken.__contains__))
    assert len(taken) == count
    assert suggested_name(name, save_format, taken.__contains__) not in taken


@given(file_names, formats)
def test_the_suggested_name_stays_in_the_folder_and_has_the_ending_of_its_format(name, save_format):
    suggestion = suggested_name(name, save_format, free)
    assert PurePath(suggestion).name == suggestion
    assert suggestion.endswith(SUFFIX_OF_FORMAT[save_format])
    assert format_of_name(suggestion) == save_format


def test_the_suggestion_is_the_name_of_the_photo_with_sharp():
    assert suggested_name("DSC_0042.NEF.jpg", "tiff", free) == "DSC_0042.NEF-sharp.tif"
    assert suggested_name("holiday.JPG", "jpeg", free) == "holiday-sharp.jpg"
    assert suggested_name("holiday", "png", free) == "holiday-sharp.png"


def test_a_taken_name_is_numbered_from_two_on():
    taken = {"a-sharp.jpg", "a-sharp-2.jpg"}
    assert suggested_name("a.jpg", "jpeg", {"a-sharp.jpg"}.__contains__) == "a-sharp-2.jpg"
    assert suggested_name("a.jpg", "jpeg", taken.__contains__) == "a-sharp-3.jpg"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.JPG", "jpeg"), ("a.jpe", "jpeg"), ("a.jfif", "jpeg"), ("a.tif", "tiff"), ("a.TIFF", "tiff"),
        ("a.webp", "webp"), ("a.png", "png"), ("a.bmp", None), ("a", None), ("jpg", None),
    ],
)  # fmt: skip
def test_the_ending_says_the_format(name, wanted):
    assert format_of_name(name) == wanted


@given(file_names, formats)
def test_a_name_given_by_hand_always_gets_an_ending_that_can_be_written(name, save_format):
    given_ending = with_ending(name, save_format)
    assert format_of_name(given_ending) in SUFFIX_OF_FORMAT
    assert given_ending.startswith(name)
    assert with_ending(given_ending, save_format) == given_ending


def test_an_ending_that_can_be_written_is_kept_and_another_one_is_added_to():
    assert with_ending("a.png", "jpeg") == "a.png"
    assert with_ending("a.bmp", "jpeg") == "a.bmp.jpg"


@pytest.mark.parametrize("same", ["JPEG", "PNG", "TIFF", "WebP"])
def test_the_same_format_is_the_format_of_the_source(same):
    assert format_for("same", same) == same.lower()


def test_a_wanted_format_wins():
    assert format_for("tiff", "JPEG") == "tiff"


@pytest.mark.parametrize("source", ["BMP", "GIF", "AVIF"])
@pytest.mark.parametrize("wanted", ["same", "nonsense"])
def test_a_source_that_cannot_be_written_is_saved_without_loss(wanted, source):
    assert format_for(wanted, source) in DEEP_FORMATS


def test_every_format_that_can_be_written_has_a_label_and_an_ending():
    assert set(LABELS) == set(SUFFIX_OF_FORMAT)
    assert all(format_of_name(f"x{ending}") == name for name, ending in SUFFIX_OF_FORMAT.items())


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.JPEG", "a.png", "a.tif", "a.webp", "a.avif", "a.bmp", "a.gif", "a"]
)
def test_a_name_of_a_photo_or_without_an_ending_looks_readable(name):
    assert looks_readable(name)


@pytest.mark.parametrize("name", ["a.txt", "a.jpg.xmp", "Thumbs.db", "a.mp4", "a.pdf"])
def test_a_name_of_something_else_does_not_look_readable(name):
    assert not looks_readable(name)


def test_every_format_that_can_be_written_can_be_opened_again():
    assert all(looks_readable(f"x{ending}") for ending in SUFFIX_OF_FORMAT.values())


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.com/a/harbour%20at%20dawn.jpg?w=900#x", "harbour at dawn.jpg"),
        ("https://example.com/", "picture"),
        ("https://example.com/..%2f..%2fhome%2fa.png", "_.._home_a.png"),
        ("https://example.com/" + "n" * 300 + ".png", "n" * 70 + ".png"),
    ],
)
def test_the_name_of_a_web_picture_is_one_a_disk_takes(url, name):
    assert web_name(url) == name
