"""The cells of the filmstrip: one for each open photo, worked out only when the view asks for it."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import MARK_TEXTS, Mark, photo_mark

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """One photo: ``mark`` is what its corner says, ``problem`` why it failed."""

    photo_id: str
    name: str
    mark: Mark = ""
    problem: str = ""
    display: Display | None = None
    is_current: bool = False

    @property
    def words(self) -> str:
        """The name and what the mark means."""
        said = self.problem or MARK_TEXTS[self.mark]
        return f"{self.name}\n{said}" if said else self.name


def cell_of(state: AppState, photo: Photo) -> Cell:
    """Return a photo's cell."""
    mark, problem = photo_mark(state, photo), ""
    if photo.loading is Loading.FAILED:
        mark, problem = mark or "failed", photo.problem
    elif mark in ("failed", "doubt"):
        said = [run.problem for run in state.runs if run.photo_id == photo.id and run.problem]
        problem = said[-1] if said else ""
    own = photo.original
    return Cell(
        photo.id, photo.name, mark, problem, own.display if own else None, photo.id == state.current_id
    )


class CellModel(QAbstractListModel):
    """The open photos in their order; what was added or taken away is told to the view as that."""

    def __init__(self) -> None:
        super().__init__()
        self._state: AppState | None = None
        self._photos: tuple[Photo, ...] = ()

    def show_state(self, state: AppState) -> None:
        """Show a state's photos."""
        old, self._state = self._state, state
        if old is not None and _is_alike(old, state):
            return
        self._replace(state.photos)
        if self._photos:
            self.dataChanged.emit(self.index(0), self.index(len(self._photos) - 1))

    def place_of(self, photo_id: str) -> int:
        """Return a photo's place, -1 when it is not listed."""
        return next((place for place, photo in enumerate(self._photos) if photo.id == photo_id), -1)

    def _replace(self, photos: tuple[Photo, ...]) -> None:
        """Take the new photos over; the view hears of the one stretch in which the two lists differ."""
        old, new = [each.id for each in self._photos], [each.id for each in photos]
        start = _common(old, new)
        end = _common(old[start:][::-1], new[start:][::-1])
        gone, come = len(old) - start - end, len(new) - start - end
        if gone:
            self.beginRemoveRows(QModelIndex(), start, start + gone - 1)
            self._photos = (*self._photos[:start], *self._photos[start + gone :])
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), start, start + come - 1)
        self._photos = photos
        if come:
            self.endInsertRows()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._photos)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._state is None or not 0 <= index.row() < len(self._photos):
            return None
        photo = self._photos[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return photo.name
        if role == CELL_ROLE:
            return cell_of(self._state, photo)
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell_of(self._state, photo).words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell_of(self._state, photo).words.replace("\n", ", ")
        return None


def _is_alike(old: AppState, new: AppState) -> bool:
    """Whether no cell can look different: a run reports often, and of that no cell shows anything."""
    if old.photos is not new.photos or old.current_id != new.current_id or old.settings != new.settings:
        return False
    return old.runs is new.runs or _standing(old) == _standing(new)


def _standing(state: AppState) -> list[object]:
    return [(run.id, run.problem, run.is_waiting, run.is_left, run.is_in_doubt) for run in state.runs]


def _common(one: list[str], other: list[str]) -> int:
    """Return how many ids two lists begin with alike."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
