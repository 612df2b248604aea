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
SAMPLES = ROOT / "resources" / "samples"
PHOTOS = (SAMPLES / "summer-palace-missed-focus.jpg", SAMPLES / "coffee-camera-shake.jpg")


async def read(store, name):
    """Wait until this photo is on the canvas, whole."""
    while store.state.current is None or store.state.current.name != name:
        await asyncio.sleep(0.05)
    while store.state.current.loading.value != "ready":
        await asyncio.sleep(0.05)


async def take_pictures(window, store, controller):
    """Sharpen the first sample, zoom in a little, and save a picture of the window in each look."""
    try:
        await read(store, PHOTOS[0].name)
        controller.step_photo(1)
        await read(store, PHOTOS[1].name)
        controller.step_photo(-1)
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
    """Start the program on the samples and let the script drive it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["SHARPEN_HOME"] = home
        from sharpen_desktop.main import open_window

        return open_window(list(PHOTOS), take_pictures)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
