"""Runs of earlier calls that are not settled: each is looked into once, before anything new is paid for."""

import asyncio
import logging

from sharpen_desktop.app.ports import Archive, Cloud
from sharpen_desktop.core import wording
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.jobs import Progress
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.core.phrases import day
from sharpen_desktop.headless.telling import tell

log = logging.getLogger(__name__)
LIMIT_S = 30.0
MOST = 20


async def settle_earlier(archive: Archive, cloud: Cloud) -> None:
    """Look into the runs that were cut short, and tell what became of them; JournalFailed without a journal."""
    runs = [run for run in await archive.open_runs() if run.stage is not Stage.UNTRACED]
    try:
        async with asyncio.timeout(LIMIT_S):
            for run in runs[-MOST:]:
                await _settle(cloud, run)
    except TimeoutError:
        tell("Not every earlier run could be looked into now. The next call tries again.")


async def _settle(cloud: Cloud, run: PaidRun) -> None:
    try:
        settled = await cloud.settle(run.run_id, _quiet)
    except SharpenError as error:
        log.warning("%s is not settled: %s (%s)", run.run_id, error.headline, error.detail)
        settled = run
    if run.stage is Stage.PREPARED:
        return  # nothing of it had left
    where, step = wording.run_stage_text(settled)
    kept = f" {settled.files[0]}" if settled.has_result and settled.files else ""
    tell(
        f"Earlier run of {run.photo_name} ({day(run.created_s)}, {run.reference}): {where}.{kept or f' {step}'}"
    )


def _quiet(progress: Progress) -> None:
    log.debug("%s", progress)
