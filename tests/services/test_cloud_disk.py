"""Whatever the disk refuses in a paid run, and whenever: the money is in the journal, and nothing paid for gets lost."""

import errno
from contextlib import suppress
from pathlib import Path

import pytest
from support.cloud_bench import Bench, noise
from support.nth_operation import every_fault

from sharpen_desktop.core.errors import Charge, SharpenError
from sharpen_desktop.core.paid import Stage


@pytest.mark.fault(47, 52, 53)
def test_no_file_operation_that_fails_loses_or_doubles_a_charge(server, tmp_path, injected):
    picture = noise((40, 30))

    def bench_in(folder):
        return Bench(folder, server.url, picture)

    def scenario(folder):
        return bench_in(folder).run(photo=folder.name, quote_usd=0.1)

    def check(folder, outcome):
        bench = bench_in(folder)
        bench.runs_made = 1
        rows = bench.rows()
        ours = {row.reference for row in rows}
        charges = [charge for charge in server.charges if charge.client_request_id in ours]
        seen = sum(len(each) for each in known.values())
        assert len(server.charges) - seen == len(charges) <= 1, "a charge the journal does not know"
        known[folder.name] = charges
        if isinstance(outcome.error, SharpenError) and charges:
            assert outcome.error.charge is not Charge.NONE, outcome.error.headline
        for _ in range(2):
            with suppress(SharpenError):
                bench.settle()
        stages[bench.row().stage if rows else None] = outcome.fault
        if charges:
            run = bench.row()
            assert run.stage in {Stage.STORED, Stage.LOST}
            assert run.cost_usd == pytest.approx(0.105)
            assert run.stage is Stage.LOST or Path(run.files[0]).stat().st_size > 0
        else:
            assert not rows or bench.row().stage in {Stage.REFUSED, Stage.UNKNOWN}

    known, stages = {}, {}
    tally = every_fault(tmp_path, scenario, check, codes=(errno.ENOSPC,))
    injected(tally.faults)
    print(tally, stages)
