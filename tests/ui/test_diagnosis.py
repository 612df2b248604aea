"""What the panel shows of a diagnosis: the finding, the advised mode, and what Auto takes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QScrollArea
from support.window import CTRL, GREEN

from sharpen_desktop.core.study import Auto, Diagnosis
from sharpen_desktop.core.studying import diagnosed
from sharpen_desktop.ui.editors.value_slider import ValueSlider
from sharpen_desktop.ui.theme import DARK

Key = Qt.Key
DEFOCUS = Diagnosis(
    "defocus", "Defocus, radius 3.1 px", 0.8, "Lens Blur", 3.1,
    autos=(
        ("Standard", Auto(0.62, 0.1, likeness="disk")), ("Lens Blur", Auto(0.7, 0.2, likeness="disk")),
        ("Strong", Auto(1.0, 0.0, likeness="harder")),
        ("Motion Blur", Auto(1.0, 0.1, unchanged="no motion", likeness="nothing")),
    ),
)  # fmt: skip
SHAKE = Diagnosis(
    "shake", "Camera shake along a curve, about 12 px", 0.8, "Motion Blur", 12.0,
    autos=(("Standard", Auto(0.4, 0.1, likeness="soft")), ("Motion Blur", Auto(1.0, 0.1, likeness="path"))),
)  # fmt: skip
GUESS = Diagnosis(
    "defocus", "Not sure; start with Standard (perhaps defocus, radius 3.1 px)", 0.2, "Standard",
    is_guess=True,
)  # fmt: skip


@pytest.fixture
def undiagnosed(desk):
    """A photo the engine is still looking at."""
    desk.study.gates["diagnose"].hold()
    desk.list_photo()
    return desk


def diagnose(desk, diagnosis=DEFOCUS):
    desk.store.apply(diagnosed, desk.photo.id, diagnosis)


def said(desk):
    return desk.text("diagnosis_text")


def link(desk):
    return desk.find("take_advice", QPushButton)


def value_box(desk, name):
    return desk.find(f"{name}_box", QLineEdit)


def chip(desk, name):
    return desk.button(f"{name}_auto")


# The finding


def test_nothing_is_said_without_a_photo(desk):
    assert not desk.find("diagnosis").isVisible()


def test_the_finding_comes_by_itself_and_is_of_the_shown_photo(undiagnosed):
    assert said(undiagnosed) == "Looking at the photo…"
    undiagnosed.study.diagnosis = DEFOCUS
    undiagnosed.study.gates["diagnose"].let_go()
    undiagnosed.until(lambda: said(undiagnosed) == "Found: defocus, radius 3.1 px")
    undiagnosed.study.gates["diagnose"].hold()
    undiagnosed.list_photo(GREEN, "other.jpg")
    assert said(undiagnosed) == "Looking at the photo…"


def test_how_sure_it_is_shows_in_words_and_in_the_shape_of_the_icon(undiagnosed):
    shapes = set()
    for trust, first in ((0.8, "Found:"), (0.4, "Probably:")):
        diagnose(undiagnosed, replace(DEFOCUS, trust=trust))
        assert said(undiagnosed).startswith(first)
        shapes.add(shape(undiagnosed))
    diagnose(undiagnosed, GUESS)
    assert said(undiagnosed).startswith("Not sure; start with Standard")
    shapes.add(shape(undiagnosed))
    assert len(shapes) == 3


def shape(desk):
    """The pixels of the icon whose alpha is more than half, whatever their colour."""
    image = desk.find("diagnosis_icon", QLabel).pixmap().toImage()
    places = ((x, y) for y in range(image.height()) for x in range(image.width()))
    return frozenset(place for place in places if image.pixelColor(*place).alphaF() > 0.5)


def test_the_link_takes_the_advised_mode_in_one_step_of_undo_and_goes(undiagnosed):
    diagnose(undiagnosed, SHAKE)
    assert link(undiagnosed).text() == "Use Motion Blur"
    undiagnosed.click(link(undiagnosed))
    assert undiagnosed.state.settings.text("mode") == "Motion Blur"
    assert not link(undiagnosed).isVisible()
    undiagnosed.controller.edit_setting("mode", "Natural")
    undiagnosed.key(Key.Key_Z, CTRL, undiagnosed.window)
    assert undiagnosed.state.settings.text("mode") == "Motion Blur"
    undiagnosed.key(Key.Key_Z, CTRL, undiagnosed.window)
    assert undiagnosed.state.settings.text("mode") == "Standard"
    assert link(undiagnosed).isVisible()


@pytest.mark.parametrize("diagnosis", [GUESS, Diagnosis("none", "Already sharp", 0.9, "Standard")])
def test_there_is_no_link_where_nothing_is_advised(undiagnosed, diagnosis):
    diagnose(undiagnosed, diagnosis)
    assert not link(undiagnosed).isVisible()


def test_the_link_is_reached_by_the_keyboard(undiagnosed):
    diagnose(undiagnosed, SHAKE)
    undiagnosed.find("mode", QComboBox).setFocus()
    undiagnosed.key(Key.Key_Tab)
    assert link(undiagnosed).hasFocus()
    undiagnosed.key(Key.Key_Space)
    assert undiagnosed.state.settings.text("mode") == "Motion Blur"


def test_a_mode_that_does_the_same_as_the_chosen_one_is_marked_and_not_offered(undiagnosed):
    diagnose(undiagnosed)
    assert said(undiagnosed) == "Found: defocus, radius 3.1 px"
    assert not link(undiagnosed).isVisible()
    assert lit(undiagnosed) == ["Lens Blur"]
    undiagnosed.controller.edit_setting("mode", "Motion Blur")
    assert link(undiagnosed).isVisible()
    assert link(undiagnosed).text() == "Use Lens Blur"


def test_for_the_cloud_the_finding_stays_and_claims_nothing_about_it(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.use_cloud()
    assert said(undiagnosed) == "Found: defocus, radius 3.1 px"
    assert "the cloud service makes of the photo is its own" in undiagnosed.find("diagnosis").toolTip()


# The advised mode in its list


def test_the_advised_mode_has_a_lamp_and_says_why(undiagnosed):
    modes = undiagnosed.find("mode", QComboBox)
    plain = lit(undiagnosed)
    assert plain == []
    diagnose(undiagnosed)
    assert lit(undiagnosed) == ["Lens Blur"]
    place = modes.findData("Lens Blur")
    tip = modes.itemData(place, Qt.ItemDataRole.ToolTipRole).splitlines()
    assert tip == ["Softness or missed focus, never motion.", "Advised: defocus, radius 3.1 px"]
    spoken = modes.itemData(place, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Lens Blur, Advised: defocus, radius 3.1 px"
    diagnose(undiagnosed, GUESS)
    assert lit(undiagnosed) == []
    assert modes.itemData(place, Qt.ItemDataRole.AccessibleTextRole) == "Lens Blur"


def lit(desk):
    """The modes in whose row of the open list there is a pixel of the lamp's colour."""
    modes = desk.find("mode", QComboBox)
    modes.showPopup()
    rows = modes.view()
    drawn = rows.viewport().grab().toImage()
    found = []
    for place in range(modes.count()):
        rect = rows.visualRect(modes.model().index(place, 0))
        if any(
            drawn.pixelColor(x, y).name().upper() == DARK.local
            for y in range(rect.top(), rect.bottom())
            for x in range(rect.left(), rect.right())
        ):
            found.append(modes.itemText(place))
    modes.hidePopup()
    return found


# What Auto takes


def test_auto_is_shown_with_what_it_takes_in_the_chosen_mode(undiagnosed):
    assert chip(undiagnosed, "strength").text() == "Auto"
    diagnose(undiagnosed)
    assert chip(undiagnosed, "strength").text() == "Auto: 62 %"
    assert chip(undiagnosed, "minor_denoise").text() == "Auto: 10 %"
    assert undiagnosed.find("strength", ValueSlider).value() == 62
    undiagnosed.controller.edit_setting("mode", "Lens Blur")
    assert chip(undiagnosed, "strength").text() == "Auto: 70 %"
    assert undiagnosed.state.settings.get("strength") is None


def test_in_strong_minor_denoise_has_no_effect_whatever_auto_would_take(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.controller.edit_setting("mode", "Strong")
    assert chip(undiagnosed, "strength").text() == "Auto: 100 %"
    assert chip(undiagnosed, "minor_denoise").text() == "Auto"


def test_auto_says_where_it_would_do_nothing_and_its_tip_why(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.controller.edit_setting("mode", "Motion Blur")
    why = "Nothing would be done in this mode: no motion found. Another mode may find more."
    for name in ("strength", "minor_denoise"):
        assert chip(undiagnosed, name).text() == "Auto: nothing to do"
        assert chip(undiagnosed, name).toolTip().splitlines()[0] == why
        assert "nothing to do" in chip(undiagnosed, name).accessibleName()
        assert value_box(undiagnosed, name).text() == "Auto"
    slider = undiagnosed.find("strength", ValueSlider)
    assert slider.value() == slider.minimum()
    undiagnosed.controller.edit_setting("strength", 0.3)
    assert chip(undiagnosed, "strength").text() == "Auto"
    undiagnosed.controller.edit_setting("mode", "Standard")
    assert chip(undiagnosed, "minor_denoise").text() == "Auto: 10 %"


def test_for_the_cloud_auto_is_only_auto(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.use_cloud()
    assert chip(undiagnosed, "strength").text() == "Auto"
    slider = undiagnosed.find("strength", ValueSlider)
    assert slider.value() == slider.minimum()


def test_a_value_of_the_users_own_is_not_called_auto(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.controller.edit_setting("strength", 0.3)
    assert chip(undiagnosed, "strength").text() == "Auto"
    assert value_box(undiagnosed, "strength").text() == "30 %"


def test_turning_auto_off_keeps_what_it_took(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.click(chip(undiagnosed, "strength"))
    assert undiagnosed.state.settings.number("strength") == pytest.approx(0.62)
    undiagnosed.click(chip(undiagnosed, "strength"))
    assert undiagnosed.state.settings.get("strength") is None


def test_a_key_on_the_slider_goes_on_from_what_auto_took(undiagnosed):
    diagnose(undiagnosed)
    undiagnosed.key(Key.Key_Right, target=undiagnosed.find("strength", ValueSlider))
    assert undiagnosed.state.settings.number("strength") == pytest.approx(0.63)


# Room


FULL, IDLE = Auto(1.0, 1.0, likeness="soft"), Auto(1.0, 1.0, unchanged="sharp", likeness="nothing")


@pytest.mark.parametrize("auto", [FULL, IDLE])
@pytest.mark.parametrize("width", [960, 1440])
def test_in_the_narrowest_panel_nothing_is_cut_and_chip_and_box_do_not_touch(undiagnosed, width, auto):
    diagnose(undiagnosed, replace(SHAKE, autos=(("Standard", auto), SHAKE.autos[1])))
    undiagnosed.show(width, 900)
    undiagnosed.inside.sides.setSizes([200, 1000, 10])
    area = undiagnosed.find("settings_scroll", QScrollArea)
    for name in ("strength", "minor_denoise", "face_enhancement_strength"):
        field = value_box(undiagnosed, name)
        right = field.mapTo(area.viewport(), field.rect().topRight()).x()
        assert right < area.viewport().width()
        text = field.fontMetrics().horizontalAdvance("100 %")
        assert text <= field.contentsRect().width() - 14
    for name in ("strength", "minor_denoise"):
        own = chip(undiagnosed, name)
        foot = own.mapTo(area, own.rect().bottomLeft()).y()
        head = value_box(undiagnosed, name).mapTo(area, value_box(undiagnosed, name).rect().topLeft()).y()
        assert head - foot >= 4
        assert own.width() >= own.sizeHint().width()
    assert link(undiagnosed).width() >= link(undiagnosed).sizeHint().width()


def test_the_right_side_is_never_narrower_than_its_text_in_the_fonts_of_the_theme(make_desk):
    QApplication.instance().setStyleSheet(
        "* { font-size: 6px; }"
    )  # what a window is made in, before it is dressed
    desk = make_desk().show(960, 620)
    needed = max(desk.inside.panel.needed_width(), desk.inside.footer.needed_width(), 300)
    assert desk.inside.sides.right.minimumWidth() == needed
    desk.inside.sides.setSizes([10, 1000, 10])
    assert desk.inside.sides.right.width() >= needed


def test_the_form_stands_still_when_its_scroll_bar_is_needed(undiagnosed):
    area = undiagnosed.find("settings_scroll", QScrollArea)
    wide = area.viewport().width()
    undiagnosed.show(1440, 620)
    undiagnosed.until(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.viewport().width() == wide
