"""Make the pictures of the README: the real window, driven through a real run, in both looks.

Run it from a checkout: ``python packaging/make_pictures.py``. No screen is needed.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SAMPLE = ROOT / "resources" / "samples" / "summer-palace-missed-focus.jpg"


async def take_pictures(window, store, controller):
    """Sharpen the sample, zoom in a little, and save a picture of the window in each look."""
    try:
        while store.state.current is None or store.state.current.loading.value != "ready":
            await asyncio.sleep(0.05)
        controller.sharpen()
        while not store.state.can_compare:
            await asyncio.sleep(0.05)
        window.canvas.zoom_to(1.5)
        for look in ("dark", "light"):
            controller.change_prefs(theme=look)
            await asyncio.sleep(0.5)
            window.grab().save(str(PICTURES / f"window-{look}.png"))
            print(PICTURES / f"window-{look}.png")
    finally:
        controller.close_now()


def main():
    """Start the program on the sample and let the script drive it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["SHARPEN_HOME"] = home
        from sharpen_desktop.main import open_window

        return open_window([SAMPLE], take_pictures)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
