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
    known = []

    def scenario(folder):
        return Bench(folder, server.url, picture).run(photo=folder.name, quote_usd=0.1)

    def check(folder, outcome):
        bench = Bench(folder, server.url, picture, runs_made=1)
        references = {row.reference for row in bench.rows()}
        charges = [each for each in server.charges if each.client_request_id in references]
        assert len(charges) <= 1
        known.extend(charges)
        assert server.charges == known, "the journal does not know of a charge"
        if isinstance(outcome.error, SharpenError) and charges:
            assert outcome.error.charge is not Charge.NONE, outcome.error.headline
        with suppress(SharpenError):
            bench.settle()
        assert len(server.charges) == len(known), "settling has sent it again"
        if charges:
            run = bench.row()
            assert run.stage in {Stage.STORED, Stage.LOST}
            assert run.cost_usd == pytest.approx(0.105)
            assert run.stage is Stage.LOST or Path(run.files[0]).stat().st_size > 0
        elif references:
            assert bench.row().stage in {Stage.REFUSED, Stage.UNKNOWN}

    injected(every_fault(tmp_path, scenario, check, codes=(errno.ENOSPC,)).faults)
