"""Whether there is a screen to open a window on, told before Qt finds out: Qt would abort the process.

Only for X11 and Wayland; elsewhere there is always one.
"""

import ctypes
import ctypes.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

PACKAGES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
    "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libdbus-1-3 libfontconfig1"
)
NEEDS_SCREEN = ("", "xcb", "wayland", "wayland-egl")
INSTALL = f"On Debian or Ubuntu: sudo apt install {PACKAGES}"


def trouble(environment: Mapping[str, str], plugins: Path | None = None) -> str:
    """Return one sentence on why no window can open and what to do, empty when one can.

    ``plugins``: Qt's folder of platform plugins, whose own libraries are then looked at as well.
    """
    platform = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if not sys.platform.startswith("linux") or platform not in NEEDS_SCREEN:
        return ""
    if platform != "xcb" and _has_wayland(environment):
        return ""
    if not environment.get("DISPLAY"):
        return (
            "Sharpen Desktop needs a screen: start it in a desktop session, or use "
            "“sharpen-desktop run” to sharpen files without a window."
        )
    missing = _missing_library(plugins / "libqxcb.so") if plugins else ""
    if missing:
        return f"Sharpen Desktop needs the system library {missing}. {INSTALL}"
    if not _answers(environment["DISPLAY"]):
        return f"Sharpen Desktop cannot reach the screen {environment['DISPLAY']}: is it running, and yours?"
    return ""


def missing_library_text(error: ImportError) -> str:
    """Return one sentence for an import of Qt that failed for want of a system library."""
    name = str(error).split(":", 1)[0]
    if ".so" in name:
        return f"Sharpen Desktop needs the system library {name}. {INSTALL}"
    return f"Sharpen Desktop is not installed completely ({error}). Install it again with pip."


def _has_wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    folder = environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and os.path.exists(os.path.join(folder, name))


def _missing_library(plugin: Path) -> str:
    if not plugin.exists():
        return ""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        name = str(error).split(":", 1)[0]
        return name if name != str(plugin) else ""
    return ""


def _answers(display: str) -> bool:
    name = ctypes.util.find_library("xcb") or "libxcb.so.1"
    try:
        xcb = ctypes.CDLL(name)
    except OSError:
        return True  # nothing to ask with: let Qt try
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    has_failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_failed
