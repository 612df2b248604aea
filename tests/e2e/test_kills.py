"""The program is killed at random moments while it spends money: nothing paid is lost, and nothing is paid twice.

The long form is ``benchmarks/kill_loop.py``.
"""

import sys

import pytest
from support.kill_driver import PHOTOS, KillDriver
from support.paying_service import PayingService

KILLS = 15
SEED = 46
AT_ONCE = 3


@pytest.mark.fault(46, 47)
@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for orphans in /proc")
def test_whenever_it_is_killed_every_charge_is_known_and_none_is_doubled(tmp_path, injected, capsys):
    injected(KILLS)
    with PayingService(SEED) as service:
        driver = KillDriver(tmp_path, service, SEED)
        driver.kill(KILLS)
        driver.settle()
        problems, tally = driver.problems(), driver.tally()
        assert len(service.charges) > KILLS / 3
    with capsys.disabled():
        print(f"\n{tally}")
    assert problems == []


@pytest.mark.fault(59)
def test_calls_for_the_same_photos_at_once_buy_each_only_once(tmp_path, injected):
    injected(AT_ONCE)
    with PayingService(59, {}, {}) as service:
        driver = KillDriver(tmp_path, service, 59)
        driver.call_at_once(AT_ONCE)
        assert len({charge.asked for charge in service.charges}) == PHOTOS
        assert driver.problems() == []
