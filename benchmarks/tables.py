"""The figures as text: one line a class while they are measured, and tables in Markdown."""

from collections.abc import Iterable, Sequence

from benchmarks.methods import Method
from benchmarks.results import ENGINE, GIVEN, KNOWN, MASK, Result
from benchmarks.targets import Verdict, judged

_LEGEND = (
    "PSNR in dB. *Mask*: the unsharp mask of the radius and amount that suit the class best, chosen with the originals at "
    "hand. *Known*: the engine when told the true blur and domain. *none*: the photo itself; *same*: every pixel came back, "
    "a number is the PSNR of what did. GMSD: the less the better. s/MP: processor seconds per megapixel, measuring included."
)
_METHODS_LEGEND = "Mean over all photos, in dB. Last, processor seconds per megapixel, of all cores; the programs' hold their start and the way through files."
HEAD_LINE = (
    f"{'class':22}{'given':>6}{'engine':>8}{'gain':>7}{'worst':>7} {'photo':14}{'mask':>7}{'known':>7}"
    f"  {'SSIM':19}{'GMSD':19}{'s/MP':>6}  best of the others"
)


def line(result: Result) -> str:
    """Return one class for the terminal: PSNR and gains in dB; SSIM and GMSD given, engine, mask."""
    worst, photo = result.worst(ENGINE)
    other = result.best_other
    three = (GIVEN, ENGINE, MASK)
    ssim, gmsd = (" ".join(f"{result.mean(each, what):.3f}" for each in three) for what in ("ssim", "gmsd"))
    return (
        f"{result.case.name:22}{result.mean(GIVEN, 'psnr'):6.2f}{result.mean(ENGINE, 'psnr'):8.2f}"
        f"{result.gain(ENGINE):+7.2f}{worst:+7.2f} {photo:14}{_gain(result, MASK):>7}{_gain(result, KNOWN):>7}"
        f"  {ssim:19}{gmsd:19}{result.seconds(ENGINE):6.2f}"
        + (f"  {_gain(result, other)} {other}" if other else "")
    )


def document(results: Sequence[Result], methods: Iterable[Method], setting: str) -> str:
    """Return all tables. ``setting``: which photos, in which mode."""
    versions = {each.name: each.version for each in methods}
    parts = [
        f"# What the engine gains\n\n{setting} {_LEGEND}",
        _table(_HEAD, [_row(each) for each in results]),
    ]
    if versions:
        parts += [
            f"## Gain of each method\n\n{_METHODS_LEGEND}",
            _methods(results, [ENGINE, MASK, *versions]),
            _table(["method", "what was measured"], [[name, version] for name, version in versions.items()]),
        ]
    parts.append(targets(results))
    return "\n\n".join(parts) + "\n"


def targets(results: Sequence[Result]) -> str:
    """Return each class against its targets, and how many hold."""
    verdicts = [judged(each) for each in results]
    held, aimed = sum(each.holds for each in verdicts), [each for each in verdicts if each.aim is not None]
    told = (
        f"{held} of {len(verdicts)} classes hold everything they must; "
        f"{sum(each.is_aim_met for each in aimed)} of {len(aimed)} aims are met."
    )
    head = ["class", "gain", "must", "aim", "over the mask", "worst photo", "holds"]
    return f"## Targets\n\n{told}\n\n" + _table(head, [_verdict(each) for each in verdicts])


def _verdict(one: Verdict) -> list[str]:
    """Return the cells of one class; what fails says so."""

    def demand(value: float | None, is_met: bool) -> str:
        return "–" if value is None else f"{value:.2f} {'yes' if is_met else 'NO'}"

    return [
        one.name,
        f"{one.gain:+.2f}",
        demand(one.must, one.is_must_met),
        demand(one.aim, one.is_aim_met),
        demand(one.over_mask, one.is_mask_beaten),
        f"{one.worst:+.2f} {one.worst_photo}{'' if one.is_harmless else ' NO'}",
        "yes" if one.holds else "NO",
    ]


_HEAD = ["class", "given", "result", "gain", "worst photo", "mask", "known", "best of the others",
         "SSIM given → result (mask)", "GMSD given → result (mask)", "s/MP"]  # fmt: skip


def _row(result: Result) -> list[str]:
    """Return the cells of one class."""
    worst, photo = result.worst(ENGINE)
    other = result.best_other
    measures = [
        f"{result.mean(GIVEN, what):.3f} → {result.mean(ENGINE, what):.3f} ({result.mean(MASK, what):.3f})"
        for what in ("ssim", "gmsd")
    ]
    return [
        result.case.name,
        "–" if result.is_lossless else f"{result.mean(GIVEN, 'psnr'):.2f}",
        "–" if result.is_lossless else f"{result.mean(ENGINE, 'psnr'):.2f}",
        f"**{result.gain(ENGINE):+.2f}**",
        f"{worst:+.2f} ({photo})",
        _gain(result, MASK),
        _gain(result, KNOWN),
        f"{_gain(result, other)} ({other})" if other else "–",
        *measures,
        f"{result.seconds(ENGINE):.2f}",
    ]


def _methods(results: Sequence[Result], names: list[str]) -> str:
    """Return the gain of each method, and the time each took."""
    gains = [[each.case.name, *(_gain(each, name) for name in names)] for each in results]
    seconds = []
    for name in names:
        known = [each.seconds(name) for each in results if name in each.figures]
        seconds.append(f"{sum(known) / len(known):.2f}" if known else "–")
    return _table(["class", *names], [*gains, ["s/MP", *seconds]])


def _gain(result: Result, method: str | None) -> str:
    """Return a gain, or how far a method leads away from what was perfect."""
    if method not in result.figures:
        return "–"
    if result.is_lossless:
        psnr = result.mean(method, "psnr")
        return "same" if psnr >= result.mean(GIVEN, "psnr") else f"{psnr:.1f}"
    return f"{result.gain(method):+.2f}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))
