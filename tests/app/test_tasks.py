"""Tasks that somebody owns."""

import asyncio

import pytest

from sharpen_desktop.app.tasks import TaskScope


def played(scene):
    """Run ``scene(scope, crashes)``, close the scope, and see that nothing outlived it."""

    async def whole():
        crashes = []
        scope = TaskScope(crashes.append)
        async with asyncio.timeout(5):
            try:
                await scene(scope, crashes)
            finally:
                await scope.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(whole())


async def turns(count=5):
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_task_runs_under_its_name_until_it_ends():
    async def scene(scope, crashes):
        door = asyncio.Event()
        scope.start("run", door.wait())
        await turns()
        assert scope.is_going("run")
        assert not scope.is_going("save")
        assert "run" in {task.get_name() for task in asyncio.all_tasks()}
        door.set()
        await turns()
        assert not scope.is_going("run")
        assert crashes == []

    played(scene)


def test_starting_a_name_again_cancels_the_task_that_had_it():
    async def scene(scope, crashes):
        ended = []

        async def work(number):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append(number)
                raise

        for number in (1, 2, 3):
            scope.start("run", work(number))
            await turns()
        assert ended == [1, 2]
        assert scope.is_going("run")
        assert crashes == []

    played(scene)


def test_the_end_of_a_replaced_task_does_not_hide_the_one_that_took_its_name():
    async def scene(scope, crashes):
        door = asyncio.Event()

        async def slow_to_give_up():
            try:
                await asyncio.Event().wait()
            finally:
                await door.wait()

        scope.start("run", slow_to_give_up())
        await turns()
        scope.start("run", asyncio.Event().wait())
        await turns()
        door.set()
        await turns()
        assert scope.is_going("run")

    played(scene)


def test_tasks_of_different_names_do_not_touch_each_other():
    async def scene(scope, crashes):
        scope.start("run", asyncio.Event().wait())
        scope.start("save", asyncio.Event().wait())
        await turns()
        scope.cancel("run")
        await turns()
        assert not scope.is_going("run")
        assert scope.is_going("save")

    played(scene)


def test_cancelling_a_name_nobody_has_does_nothing():
    async def scene(scope, crashes):
        scope.cancel("nobody")
        await turns()
        assert crashes == []

    played(scene)


def test_a_crash_reaches_the_handler():
    async def scene(scope, crashes):
        async def broken():
            raise LookupError("a bug")

        scope.start("run", broken())
        await turns()
        assert [str(each) for each in crashes] == ["a bug"]
        assert not scope.is_going("run")

    played(scene)


def test_a_crash_while_being_cancelled_reaches_the_handler_too():
    async def scene(scope, crashes):
        async def broken():
            try:
                await asyncio.Event().wait()
            finally:
                raise LookupError("a bug")

        scope.start("run", broken())
        await turns()
        scope.start("run", asyncio.Event().wait())
        await turns()
        assert [str(each) for each in crashes] == ["a bug"]

    played(scene)


def test_being_cancelled_is_no_crash():
    async def scene(scope, crashes):
        scope.start("run", asyncio.Event().wait())
        await turns()
        scope.cancel("run")
        await turns()
        assert crashes == []

    played(scene)


def test_nothing_outlives_the_scope_not_even_what_was_replaced_and_is_slow_to_end():
    ended = []

    async def slow(name):
        try:
            await asyncio.Event().wait()
        finally:
            try:
                await asyncio.sleep(0.2 if name == "replaced" else 0.02)
            finally:
                ended.append(name)

    async def scene(scope, crashes):
        scope.start("run", slow("replaced"))
        await turns()
        scope.start("run", slow("run"))
        scope.start("save", slow("save"))
        await turns()

    played(scene)
    assert sorted(ended) == ["replaced", "run", "save"]


@pytest.mark.parametrize("again", ["cancel", "close"])
def test_a_task_that_is_ending_may_clear_up_undisturbed(again):
    cleared = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.02)
            cleared.append("up")

    async def scene(scope, crashes):
        scope.start("run", work())
        await turns()
        scope.cancel("run")
        await turns()
        if again == "cancel":
            scope.cancel("run")
        else:
            await scope.aclose()
        await asyncio.sleep(0.05)

    played(scene)
    assert cleared == ["up"]


def test_nothing_starts_in_a_closed_scope():
    async def scene(scope, crashes):
        await scope.aclose()
        started = []

        async def work():
            started.append(1)

        scope.start("run", work())
        await turns()
        assert started == []
        assert not scope.is_going("run")

    played(scene)


def test_closing_twice_is_closing_once():
    async def scene(scope, crashes):
        scope.start("run", asyncio.Event().wait())
        await turns()
        await scope.aclose()
        await scope.aclose()

    played(scene)


def test_replacing_after_a_short_wait_is_a_debounce():
    async def scene(scope, crashes):
        written, is_written = [], asyncio.Event()

        async def write(value):
            await asyncio.sleep(0.02)
            written.append(value)
            is_written.set()

        for value in range(5):
            scope.start("write", write(value))
        await is_written.wait()
        assert written == [4]

    played(scene)


def test_a_cancelled_task_is_not_going_any_more():
    async def scene(scope, crashes):
        door = asyncio.Event()

        async def slow_to_give_up():
            try:
                await asyncio.Event().wait()
            finally:
                await door.wait()

        scope.start("run", slow_to_give_up())
        await turns()
        scope.cancel("run")
        going = scope.is_going("run")
        door.set()
        assert not going

    played(scene)
