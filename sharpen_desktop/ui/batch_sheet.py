"""The one question before *Sharpen all*: which photos, with what, and what it costs."""

import time

from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

from sharpen_desktop.app.ports import BatchPlan
from sharpen_desktop.core.phrases import about, amount, clock, count_of
from sharpen_desktop.ui.sheet import Sheet, make_primary

PRIVACY = "Only the pictures leave this computer: no location, no camera data, no file names."


class BatchSheet(Sheet):
    """Accepted when the user agrees. What costs money is never the default button."""

    def __init__(self, parent: QWidget | None, plan: BatchPlan, now_s: float | None = None) -> None:
        super().__init__(parent, "batch_sheet", "Sharpen all")
        self.resize(500, 440)
        self.add_heading(heading(plan))
        self.add_text("\n".join(lines(plan, time.time() if now_s is None else now_s)), "batch_text")
        self.column.addWidget(self._names(plan), 1)
        self.buttons.addStretch()
        cancel = self.add_close("Cancel")
        go = self.add_button(go_text(plan), "batch_go")
        make_primary(go, is_paid=plan.engine == "cloud")
        go.clicked.connect(self.accept)
        first = cancel if plan.engine == "cloud" else go
        first.setDefault(True)
        first.setFocus()

    @staticmethod
    def _names(plan: BatchPlan) -> QListWidget:
        names = QListWidget()
        names.setObjectName("batch_names")
        names.setAccessibleName("Photos")
        names.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        names.setUniformItemSizes(True)
        names.addItems(plan.names)
        return names


def heading(plan: BatchPlan) -> str:
    """Return the question."""
    where = "in the cloud" if plan.engine == "cloud" else "on this computer"
    return f"Sharpen {count_of(len(plan.names), 'photo')} {where}?"


def go_text(plan: BatchPlan) -> str:
    """Return what the button says that begins."""
    count = len(plan.names)
    if plan.engine == "local":
        return f"Sharpen {count}"
    if plan.stored == count:
        return f"Show {count} · free"
    return f"Sharpen {count} · {'price unknown' if plan.quote_usd is None else about(plan.quote_usd)}"


def lines(plan: BatchPlan, now_s: float) -> list[str]:
    """Return what is to be known before agreeing, a sentence a line."""
    if plan.engine == "local":
        return [f"{plan.title}. Free, and nothing leaves this computer."]
    said = [f"{plan.title}. {_price(plan, now_s)}"]
    if plan.stored:
        of_them = "All" if plan.stored == len(plan.names) else f"{plan.stored} of them"
        are = "is" if plan.stored == 1 else "are"
        said.append(f"{of_them} {are} already paid for: shown from the store, at no further cost.")
    if plan.large:
        are = "is" if plan.large == 1 else "are"
        said.append(f"{count_of(plan.large, 'photo')} {are} above 24 MP, where a run costs more.")
    if plan.limit_usd is not None:
        said.append(_limit(plan, plan.limit_usd))
    return [*said, PRIVACY]


def _price(plan: BatchPlan, now_s: float) -> str:
    if plan.quote_usd is None:
        return "The price is not known before the service answers."
    date = f", by the price of {clock(plan.quote_of_s, now_s)}" if plan.quote_of_s is not None else ""
    return f"{about(plan.quote_usd)} in all{date}."


def _limit(plan: BatchPlan, left_usd: float) -> str:
    if plan.quote_usd is not None and plan.quote_usd > left_usd + 1e-9:
        return f"Your limit leaves {amount(max(left_usd, 0.0))}: when it is reached, the rest waits."
    return f"Your limit leaves {amount(max(left_usd, 0.0))}."
