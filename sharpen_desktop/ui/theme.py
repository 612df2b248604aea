"""The two looks of the window: colours, and the style sheet made from them."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from sharpen_desktop.core.prefs import Background, Theme
from sharpen_desktop.ui import resources


@dataclass(frozen=True, slots=True)
class Look:
    """One theme's colours. ``secondary`` has at least 4.5:1 on ``panel``."""

    name: Literal["dark", "light"]
    panel: str
    control: str
    hover: str
    border: str
    line: str
    canvas: str
    outline: str
    text: str
    secondary: str
    disabled: str
    field: str
    groove: str
    focus: str
    error: str
    local: str
    cloud: str
    note: str
    accent: str = "#1F6FE5"
    accent_hover: str = "#1B65D6"
    accent_pressed: str = "#185BC0"
    paid: str = "#8A5A00"
    paid_hover: str = "#9A6608"


DARK = Look(
    name="dark", panel="#323232", control="#3F3F42", hover="#4A4A4E", border="#4C4C50", line="#454548",
    canvas="#2B2B2B", outline="#151515", text="#E6E6E6", secondary="#B0B0B0", disabled="#838386",
    field="#28282A", groove="#4E4E52", focus="#5C9DFF", error="#FF8A80", local="#57B95B", cloud="#6EA8FF",
    note="#E5B567",
)  # fmt: skip
LIGHT = Look(
    name="light", panel="#F8F8F9", control="#FFFFFF", hover="#ECECEF", border="#CFCFD4", line="#DCDCE0",
    canvas="#E6E6E6", outline="#A8A8AC", text="#1E1E1E", secondary="#5C5C60", disabled="#8E8E93",
    field="#FFFFFF", groove="#C9C9CF", focus="#1A66D9", error="#B3261E", local="#2E7D32", cloud="#1F6FE5",
    note="#8A5A00",
)  # fmt: skip


SCROLL_BAR_PX = 10
_BACKGROUNDS = {"black": "#000000", "grey": "#777777", "white": "#FFFFFF"}


def look_for(theme: Theme) -> Look:
    """Return the colours of a theme; "system" asks the system."""
    if theme == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return LIGHT if theme == "light" else DARK


def canvas_color(chosen: Theme, background: Background) -> str:
    """Return what the canvas is painted with round the picture."""
    return _BACKGROUNDS.get(background) or look_for(chosen).canvas


def apply(app: QApplication, look: Look) -> None:
    """Give the whole program this look."""
    app.setStyle("Fusion")
    app.setPalette(_palette(look))
    app.setStyleSheet(_style_sheet(look))


def _file(name: str) -> str:
    return (resources.folder() / "icons" / f"{name}.svg").as_posix()


def _palette(look: Look) -> QPalette:
    palette = QPalette(QColor(look.panel))
    roles = {
        QPalette.ColorRole.Window: look.panel,
        QPalette.ColorRole.WindowText: look.text,
        QPalette.ColorRole.Base: look.field,
        QPalette.ColorRole.AlternateBase: look.panel,
        QPalette.ColorRole.Text: look.text,
        QPalette.ColorRole.Button: look.control,
        QPalette.ColorRole.ButtonText: look.text,
        QPalette.ColorRole.ToolTipBase: look.field,
        QPalette.ColorRole.ToolTipText: look.text,
        QPalette.ColorRole.PlaceholderText: look.secondary,
        QPalette.ColorRole.Highlight: look.accent,
        QPalette.ColorRole.HighlightedText: "#FFFFFF",
        QPalette.ColorRole.Link: look.focus,
        QPalette.ColorRole.Mid: look.border,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.disabled))
    return palette


def _style_sheet(look: Look) -> str:
    return f"""
* {{ font-size: 13px; }}
QToolTip {{ background: {look.field}; color: {look.text}; border: 1px solid {look.border}; padding: 4px; }}
QMainWindow, QWidget#panel, QScrollArea, QWidget#panel_body {{ background: {look.panel}; }}
QMenuBar {{ background: {look.panel}; border-bottom: 1px solid {look.line}; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; color: {look.text}; }}
QMenuBar::item:selected {{ background: {look.hover}; border-radius: 4px; }}
QMenu {{ background: {look.panel}; color: {look.text}; border: 1px solid {look.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 20px; border-radius: 4px; }}
QMenu::item:selected {{ background: {look.accent}; color: #FFFFFF; }}
QMenu::item:disabled {{ color: {look.disabled}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {look.line}; margin: 4px 6px; }}
QWidget#top_bar, QWidget#compare_bar {{ background: {look.panel}; border-bottom: 1px solid {look.line}; }}
QWidget#left_panel {{ background: {look.panel}; border-right: 1px solid {look.line}; }}
QWidget#left_rail {{ background: {look.panel}; border-right: 1px solid {look.line}; }}
QWidget#right_panel {{ background: {look.panel}; border-left: 1px solid {look.line}; }}
QWidget#footer {{ background: {look.panel}; border-top: 1px solid {look.line}; }}
QStatusBar {{ background: {look.panel}; border-top: 1px solid {look.line}; }}
QStatusBar QLabel {{ font-size: 12px; color: {look.secondary}; }}
QStatusBar::item {{ border: none; }}
QSplitter::handle {{ background: {look.line}; }}
QLabel[quiet="true"] {{ color: {look.secondary}; font-size: 12px; }}
QLabel[heading="true"] {{ color: {look.secondary}; font-size: 11px; font-weight: 600; }}
QCheckBox::indicator {{ width: 13px; height: 13px; border: 1px solid {look.secondary}; border-radius: 3px;
  background: {look.field}; }}
QCheckBox::indicator:checked {{ background: {look.accent}; border-color: {look.accent}; image: url("{_file("tick")}"); }}
QCheckBox::indicator:disabled {{ background: transparent; border-color: {look.disabled}; }}
QCheckBox#preview_box {{ color: {look.text}; font-size: 12px; spacing: 6px; }}
QLabel[paid="true"] {{ color: {look.text}; font-size: 12px; }}
QFrame[rule="true"] {{ background: {look.line}; border: none; }}
QPushButton, QToolButton {{
  background: {look.control}; color: {look.text}; border: 1px solid {look.border}; border-radius: 5px;
  padding: 4px 12px; min-height: 18px; }}
QPushButton:hover, QToolButton:hover {{ background: {look.hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {look.groove}; }}
QPushButton:checked, QToolButton:checked {{ background: {look.accent}; color: #FFFFFF; border-color: {look.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {look.disabled}; background: transparent; }}
QPushButton[flat_look="true"], QToolButton[flat_look="true"] {{ background: transparent; border-color: transparent;
  padding: 4px 8px; }}
QPushButton[flat_look="true"]:hover, QToolButton[flat_look="true"]:hover {{ background: {look.hover}; }}
QPushButton[flat_look="true"]:checked, QToolButton[flat_look="true"]:checked {{ background: {look.accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton[popupMode="1"] {{ padding-right: 26px; }}
QToolButton::menu-button {{ border: none; border-left: 1px solid {look.border}; width: 20px;
  border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
QToolButton::menu-button:hover {{ background: {look.groove}; }}
QPushButton[segment="true"] {{ border-radius: 0; padding: 4px 6px; margin: 0; }}
QPushButton[segment_place="first"] {{ border-top-left-radius: 5px; border-bottom-left-radius: 5px; }}
QPushButton[segment_place="last"] {{ border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
QPushButton[segment="true"]:checked:disabled {{ background: {look.groove}; color: {look.text};
  border-color: {look.groove}; }}
QPushButton#engine_local, QPushButton#engine_cloud {{ font-size: 12px; padding: 4px 4px; }}
QPushButton#engine_cloud:checked {{ background: {look.paid}; border-color: {look.paid}; }}
QPushButton[chip="true"] {{ font-size: 11px; padding: 1px 10px; min-height: 18px; border-radius: 4px;
  background: transparent; color: {look.secondary}; }}
QPushButton[chip="true"]:hover {{ color: {look.text}; }}
QPushButton[chip="true"]:checked {{ background: {look.accent}; color: #FFFFFF; }}
QPushButton[chip="true"]:checked:disabled {{ background: {look.groove}; color: {look.secondary};
  border-color: {look.groove}; }}
QPushButton#primary {{ background: {look.accent}; color: #FFFFFF; border: none; border-radius: 6px;
  font-weight: 600; padding: 0 8px; min-height: 40px; max-height: 40px; }}
QPushButton#primary:hover {{ background: {look.accent_hover}; }}
QPushButton#primary:pressed {{ background: {look.accent_pressed}; }}
QPushButton#primary[paid="true"] {{ background: {look.paid}; }}
QPushButton#primary[paid="true"]:hover {{ background: {look.paid_hover}; }}
QPushButton#primary[muted="true"] {{ background: {look.groove}; color: {look.text}; }}
QPushButton#primary[muted="true"]:hover {{ background: {look.hover}; }}
QPushButton#primary:disabled {{ background: {look.groove}; color: {look.secondary}; }}
QPushButton[link="true"] {{ background: transparent; border: none; padding: 0; min-height: 16px; font-size: 12px;
  color: {look.focus}; text-align: left; }}
QPushButton[link="true"]:hover, QPushButton[link="true"]:pressed {{ text-decoration: underline;
  background: transparent; }}
QPushButton[link="true"]:disabled {{ color: {look.disabled}; }}
QPushButton[go="true"] {{ background: {look.accent}; color: #FFFFFF; border-color: {look.accent}; font-weight: 600;
  padding: 4px 16px; }}
QPushButton[go="true"]:hover {{ background: {look.accent_hover}; }}
QPushButton[go="true"]:pressed {{ background: {look.accent_pressed}; }}
QPushButton[go="true"][paid="true"] {{ background: {look.paid}; border-color: {look.paid}; }}
QPushButton[go="true"][paid="true"]:hover {{ background: {look.paid_hover}; }}
QPushButton[go="true"]:disabled {{ background: {look.groove}; border-color: {look.groove}; color: {look.secondary}; }}
QToolButton[tight="true"] {{ padding: 0; min-height: 0; }}
QLabel[overlay="true"] {{ background: rgba(0, 0, 0, 178); color: #FFFFFF; border-radius: 4px; padding: 0 8px;
  font-size: 12px; min-height: 24px; max-height: 24px; }}
QLabel[overlay="true"][number="true"] {{ font-size: 16px; font-weight: 600; padding: 0 12px; min-height: 30px;
  max-height: 30px; }}
QToolButton[overlay="true"] {{ background: rgba(0, 0, 0, 178); color: #FFFFFF; border: none; border-radius: 4px;
  padding: 0 8px; font-size: 12px; min-height: 24px; max-height: 24px; }}
QToolButton[overlay="true"]:hover {{ background: rgba(0, 0, 0, 215); }}
QToolButton[overlay="true"][faded="true"] {{ background: rgba(0, 0, 0, 71); color: rgba(255, 255, 255, 102); }}
QComboBox {{ background: {look.control}; color: {look.text}; border: 1px solid {look.border}; border-radius: 5px;
  padding: 3px 10px; min-height: 24px; }}
QComboBox:hover {{ background: {look.hover}; }}
QComboBox:disabled {{ color: {look.disabled}; background: transparent; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url("{_file(f"arrow-{look.name}")}"); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {look.panel}; color: {look.text}; border: 1px solid {look.border};
  selection-background-color: {look.accent}; selection-color: #FFFFFF; outline: none; }}
QLineEdit {{ background: {look.field}; color: {look.text}; border: 1px solid {look.border}; border-radius: 4px;
  padding: 3px 6px; selection-background-color: {look.accent}; }}
QLineEdit QToolButton {{ background: transparent; border: none; padding: 0; min-height: 0; }}
QComboBox QLineEdit {{ background: transparent; border: none; padding: 0; }}
QLineEdit:disabled {{ color: {look.disabled}; background: transparent; }}
QGroupBox {{ border: none; margin: 0; padding: 0; }}
QScrollArea {{ border: none; }}
QScrollBar:vertical {{ background: transparent; width: {SCROLL_BAR_PX}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {SCROLL_BAR_PX}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {look.groove}; border-radius: 4px; min-height: 30px; margin: 1px; }}
QScrollBar::handle:horizontal {{ background: {look.groove}; border-radius: 4px; min-width: 30px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QListView#keys_table {{ background: {look.field}; border: 1px solid {look.border}; border-radius: 6px; outline: none; }}
QListView#keys_table:focus {{ border-color: {look.focus}; }}
QListView#variants, QListView#history, QListView#filmstrip_list {{ background: transparent; border: none; outline: none; }}
QWidget#filmstrip {{ background: {look.panel}; border-top: 1px solid {look.line}; }}
QWidget#queue_box {{ background: {look.panel}; border-right: 1px solid {look.line}; }}
QToolButton[fold="true"] {{ background: transparent; border: none; padding: 2px 0; font-weight: 600;
  font-size: 11px; color: {look.secondary}; text-align: left; }}
QToolButton[fold="true"]:hover {{ color: {look.text}; }}
QComboBox#zoom_box {{ padding: 2px 4px 2px 8px; }}
QFileDialog QToolButton {{ padding: 2px; min-width: 20px; }}
QWidget#drop_area {{ border: 2px dashed {look.groove}; border-radius: 12px; background: {look.panel}; }}
QWidget#empty_state {{ background: {look.canvas}; }}
QLabel#drop_title {{ font-size: 20px; font-weight: 600; color: {look.text}; }}
QWidget#notice_bar, QWidget#blind_bar {{ background: {look.control}; border-top: 1px solid {look.line}; }}
QWidget#key_card {{ background: {look.field}; border: 1px solid {look.border}; border-radius: 6px; }}
QDialog, QMessageBox {{ background: {look.panel}; }}
QLabel[sheet_heading="true"] {{ font-size: 16px; font-weight: 600; }}
QLabel[verdict="good"] {{ color: {look.local}; font-size: 12px; }}
QLabel[verdict="bad"] {{ color: {look.error}; font-size: 12px; }}
QLabel[verdict="unclear"] {{ color: {look.secondary}; font-size: 12px; }}
QFrame[boxed="true"] {{ background: {look.field}; border: 1px solid {look.border}; border-radius: 6px; }}
QTableView, QListWidget {{ background: {look.field}; color: {look.text}; border: 1px solid {look.border};
  border-radius: 4px; gridline-color: {look.line}; outline: none; selection-background-color: {look.accent};
  selection-color: #FFFFFF; }}
QTableView::item, QListWidget::item {{ padding: 4px 8px; }}
QHeaderView {{ background: {look.field}; border: none; }}
QHeaderView::section {{ background: {look.field}; color: {look.secondary}; border: none; font-size: 12px;
  border-bottom: 1px solid {look.line}; padding: 6px 8px 6px 11px; }}
QDialog QTableView:focus, QDialog QListWidget:focus {{ border-color: {look.focus}; }}
QTableCornerButton::section {{ background: {look.field}; border: none; }}
QListWidget#preference_sections {{ background: transparent; border: 1px solid transparent; }}
QListWidget#preference_sections::item {{ padding: 7px 10px; border-radius: 5px; color: {look.text}; }}
QListWidget#preference_sections::item:hover {{ background: {look.hover}; }}
QListWidget#preference_sections::item:selected {{ background: {look.accent}; color: #FFFFFF; }}
QWidget[refused="true"] QComboBox, QWidget[refused="true"] QLineEdit {{ border: 2px solid {look.error}; }}
QWidget[refused="true"] QPushButton[segment="true"], QWidget[refused="true"] QPushButton[chip="true"] {{
  border-color: {look.error}; }}
QLabel[problem="true"] {{ color: {look.error}; font-size: 12px; }}
"""
