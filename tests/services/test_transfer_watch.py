"""The watch ends what stands still or takes too long, and nothing else."""

import asyncio

import pytest

from sharpen_desktop.services.cloud.transfer_watch import TransferLimits, TransferStalled, TransferWatch


def test_silence_ends_the_transfer():
    async def transfer():
        async with TransferWatch(0.1, 60):
            await asyncio.sleep(30)

    with pytest.raises(TransferStalled) as caught:
        asyncio.run(transfer())
    assert (caught.value.waited_s, caught.value.is_deadline) == (0.1, False)


def test_movement_keeps_it_alive_until_the_deadline():
    async def transfer():
        async with TransferWatch(0.2, 0.6) as watch:
            while True:
                await asyncio.sleep(0.02)
                watch.moved(1)

    with pytest.raises(TransferStalled) as caught:
        asyncio.run(transfer())
    assert (caught.value.waited_s, caught.value.is_deadline) == (0.6, True)


@pytest.mark.parametrize(("bytes_s", "lives"), [(500, False), (20_000, True)])
def test_bytes_that_only_drip_count_as_standing_still(bytes_s, lives):
    async def transfer():
        async with TransferWatch(0.2, 60, slowest_bytes_s=2000) as watch:
            for _ in range(40):
                await asyncio.sleep(0.02)
                watch.moved(round(0.02 * bytes_s))
            return "done"

    if lives:
        assert asyncio.run(transfer()) == "done"
        return
    with pytest.raises(TransferStalled) as caught:
        asyncio.run(transfer())
    assert (caught.value.waited_s, caught.value.is_deadline) == (0.2, False)


def test_what_came_before_does_not_count_for_the_next_part():
    async def transfer():
        async with TransferWatch(30, 60, slowest_bytes_s=1000) as watch:
            watch.moved(29_999)
            watch.expect(0.2)
            await asyncio.sleep(0.1)
            watch.moved(1)
            await asyncio.sleep(10)

    with pytest.raises(TransferStalled):
        asyncio.run(asyncio.wait_for(transfer(), 5))


def test_the_programs_own_limits_are_those_it_promises():
    limits = TransferLimits()
    assert (limits.moving_s, limits.slowest_bytes_s) == (60, 1024)
    assert limits.answer_s == 600
    assert limits.download_s == 1800
    assert limits.picture_bytes == 500 << 20


@pytest.mark.fault(36)
def test_a_trickle_below_the_slowest_rate_is_standing_still():
    async def transfer():
        async with TransferWatch(0.3, 60, slowest_bytes_s=1000) as watch:
            while True:
                await asyncio.sleep(0.02)
                watch.moved(5)  # 250 bytes a second

    with pytest.raises(TransferStalled) as caught:
        asyncio.run(transfer())
    assert (caught.value.waited_s, caught.value.is_deadline) == (0.3, False)


def test_a_slow_line_above_that_rate_is_waited_for():
    async def transfer():
        async with TransferWatch(0.3, 60, slowest_bytes_s=1000) as watch:
            for step in range(1, 41):
                await asyncio.sleep(0.02)
                watch.reached(200 * step)
            return "done"

    assert asyncio.run(transfer()) == "done"


def test_a_longer_silence_can_be_allowed():
    async def transfer():
        async with TransferWatch(0.1, 60) as watch:
            watch.expect(30)
            await asyncio.sleep(0.4)
            return "done"

    assert asyncio.run(transfer()) == "done"


def test_a_shorter_silence_can_be_asked_for():
    async def transfer():
        async with TransferWatch(30, 60) as watch:
            watch.expect(0.1)
            await asyncio.sleep(20)

    with pytest.raises(TransferStalled):
        asyncio.run(asyncio.wait_for(transfer(), 10))


def test_the_users_cancel_stays_a_cancel():
    async def transfer():
        async with TransferWatch(30, 60):
            await asyncio.sleep(20)

    async def cancelled():
        task = asyncio.create_task(transfer())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]

    assert asyncio.run(cancelled()) == []


def test_other_errors_pass_and_leave_no_task():
    async def transfer():
        with pytest.raises(KeyError):
            async with TransferWatch(30, 60):
                raise KeyError
        return [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]

    assert asyncio.run(transfer()) == []


def test_time_the_program_was_held_does_not_count(monkeypatch):
    async def transfer():
        loop = asyncio.get_running_loop()
        true_time, ahead = loop.time, 0.0
        monkeypatch.setattr(loop, "time", lambda: true_time() + ahead)
        async with TransferWatch(20, 40):
            await asyncio.sleep(0.05)
            ahead = 100.0  # the lid was closed
            await asyncio.sleep(0.05)
            return "done"

    assert asyncio.run(transfer()) == "done"
