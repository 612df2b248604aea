"""The program is killed at random moments while it spends money: nothing paid is lost, and nothing is paid twice.

The long form is ``benchmarks/kill_loop.py``.
"""

import sys

import pytest
from support.kill_driver import KillDriver
from support.paying_service import PayingService

KILLS = 15
SEED = 46


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
