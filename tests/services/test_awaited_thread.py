"""Work in a thread has ended when the waiting for it has ended."""

import asyncio
import threading

import pytest

from sharpen_desktop.services.cloud.awaited_thread import in_thread


def test_the_value_and_the_error_come_through():
    assert asyncio.run(in_thread(divmod, 7, 2)) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(divmod, 7, 0))


@pytest.mark.parametrize("fails", [False, True])
def test_a_cancelled_wait_lasts_until_the_work_is_done(fails):
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work():
        begun.set()
        may_end.wait(10)
        ended.set()
        if fails:
            raise OSError

    async def cancelled():
        task = asyncio.create_task(in_thread(work))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        await asyncio.sleep(0.02)
        assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    asyncio.run(cancelled())
