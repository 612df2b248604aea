"""Measuring for the sharpness overlay: when it is asked, what calls it off, and what a failure leaves."""

import asyncio

import pytest
from support.fakes import on_desk

from sharpen_desktop.app import measuring, studying
from sharpen_desktop.core.errors import EngineFailed
from sharpen_desktop.core.sharpness import Sight
from sharpen_desktop.core.sharpness_overlay import shown_overlay, shown_sharpness

HERE, THERE = Sight(0.0, 0.0, 0.5, 0.5, 1.0), Sight(0.5, 0.5, 0.5, 0.5, 1.0)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(measuring, "DELAY_S", 0.02)


async def overlaid(desk, *names):
    """Show photos with the overlay on, and the first of them measured."""
    await desk.opened(*(names or ("a.jpg",)))
    desk.controller.see(HERE)
    desk.controller.step_overlay()
    await desk.until(lambda: shown_sharpness(desk.state))


def asked(desk):
    return [wish for (wish,) in desk.study.asked("sharpness")]


async def quiet(desk):
    await desk.until(lambda: not [t for t in asyncio.all_tasks() if t.get_name() == measuring.SHARPNESS])


@on_desk()
async def test_nothing_is_measured_while_the_overlay_is_off(desk):
    await desk.opened("a.jpg")
    desk.controller.see(HERE)
    await desk.pause()
    assert asked(desk) == []


@on_desk()
async def test_what_is_in_view_is_measured_once(desk):
    await overlaid(desk)
    desk.controller.see(HERE)
    await desk.pause()
    (wish,) = asked(desk)
    assert wish.seen.width == 300
    assert shown_sharpness(desk.state).wish == wish


@on_desk()
async def test_a_pan_measures_where_it_ends_and_nothing_on_the_way(desk):
    await overlaid(desk)
    for step in range(10):
        desk.controller.see(Sight(0.05 * step, 0.0, 0.5, 0.5, 1.0))
    await quiet(desk)
    assert [wish.seen.left for wish in asked(desk)] == [0, 270]
    assert shown_sharpness(desk.state).wish.seen.left == 270


@on_desk()
async def test_a_newer_view_calls_the_measuring_of_the_last_one_off(desk):
    await overlaid(desk)
    desk.study.gates["sharpness"].hold()
    desk.controller.see(THERE)
    await desk.until(lambda: desk.study.gates["sharpness"].waiting)
    desk.controller.see(HERE)
    await desk.until(lambda: desk.study.stops == ["sharpness"])
    desk.study.gates["sharpness"].let_go()
    await quiet(desk)
    assert shown_sharpness(desk.state).wish.seen.left == 0


@on_desk()
async def test_another_photo_calls_it_off_and_is_measured_itself(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.see(HERE)
    desk.study.gates["sharpness"].hold()
    desk.controller.step_overlay()
    await desk.until(lambda: desk.study.gates["sharpness"].waiting)
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.study.stops == ["sharpness"])
    desk.study.gates["sharpness"].let_go()
    await desk.until(lambda: shown_sharpness(desk.state))
    assert shown_sharpness(desk.state).wish.photo_id == desk.state.current_id


@on_desk()
async def test_switching_it_off_calls_it_off(desk):
    await desk.opened("a.jpg")
    desk.controller.see(HERE)
    desk.study.gates["sharpness"].hold()
    desk.controller.step_overlay()
    await desk.until(lambda: desk.study.gates["sharpness"].waiting)
    desk.controller.step_overlay()
    await desk.until(lambda: desk.study.stops == ["sharpness"])
    assert desk.state.sharpness is None


@on_desk()
async def test_a_diagnosis_lets_the_overlay_go_first(desk, monkeypatch):
    monkeypatch.setattr(studying, "DIAGNOSIS_DELAY_S", 0.02)
    desk.study.gates["diagnose"].hold()
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.study.gates["diagnose"].waiting)
    desk.controller.see(HERE)
    desk.controller.step_overlay()
    await desk.until(lambda: desk.study.stops == ["diagnose"])
    await desk.until(lambda: shown_sharpness(desk.state))
    desk.study.gates["diagnose"].let_go()
    await desk.until(lambda: desk.current.diagnosis)


@on_desk()
async def test_a_failure_switches_it_off_and_the_key_asks_again(desk, caplog):
    await desk.opened("a.jpg")
    desk.controller.see(HERE)
    desk.study.problem = EngineFailed("The photo could not be examined.", detail="it died")
    desk.controller.step_overlay()
    await desk.until(lambda: "could not be measured" in desk.state.status)
    assert shown_overlay(desk.state) == "off"
    assert "it died" in caplog.text
    desk.study.problem = None
    desk.controller.step_overlay()
    await desk.until(lambda: shown_sharpness(desk.state))
