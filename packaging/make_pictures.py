"""Make the pictures of the README: the real window, driven through a real run, in both looks.

Run it from a checkout: ``python packaging/make_pictures.py``. No screen is needed.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SAMPLES = ROOT / "resources" / "samples"
PHOTOS = (SAMPLES / "summer-palace-missed-focus.jpg", SAMPLES / "coffee-camera-shake.jpg")


async def read(store, name):
    """Wait until this photo is on the canvas, whole, and what is the matter with it is known."""
    while store.state.current is None or store.state.current.name != name:
        await asyncio.sleep(0.05)
    while store.state.current.loading.value != "ready" or store.state.current.diagnosis is None:
        await asyncio.sleep(0.05)


def grab(window, name):
    """Save a picture of the window."""
    window.grab().save(str(PICTURES / name))
    print(PICTURES / name)


async def take_local(inside, store, controller):
    """Sharpen the first sample, zoom in a little, and save a picture of the window in each look."""
    try:
        await read(store, PHOTOS[0].name)
        controller.step_photo(1)
        await read(store, PHOTOS[1].name)
        controller.step_photo(-1)
        controller.sharpen()
        while not store.state.can_compare:
            await asyncio.sleep(0.05)
        inside.canvas.zoom_to(1.5)
        for look in ("dark", "light"):
            controller.change_prefs(theme=look)
            await asyncio.sleep(0.5)
            grab(inside.window, f"window-{look}.png")
        controller.choose_view("side_by_side")
        inside.canvas.fit()
        await asyncio.sleep(0.5)
        grab(inside.window, "side-by-side.png")
    finally:
        controller.close_now()


async def take_cloud(inside, store, controller):
    """Sharpen both samples through the service that the tests play, and save a picture of how that ends."""
    try:
        await read(store, PHOTOS[0].name)
        controller.choose_engine("cloud")
        while store.state.quote is None:
            await asyncio.sleep(0.05)
        controller.sharpen_all()
        button = await found(inside.window, "batch_go")
        button.click()
        while store.state.batch is None or not store.state.batch.is_over:
            await asyncio.sleep(0.05)
        (await found(inside.window, "sheet_close")).click()
        controller.refresh_money()
        while store.state.balance is None:
            await asyncio.sleep(0.05)
        for notice in store.state.notices:
            controller.dismiss_notice(notice.id)
        await asyncio.sleep(0.5)
        grab(inside.window, "cloud.png")
    finally:
        controller.close_now()


async def found(window, name):
    """Wait for the button of this name in a sheet over the window."""
    from PySide6.QtWidgets import QPushButton

    while (button := window.findChild(QPushButton, name)) is None or not button.isVisible():
        await asyncio.sleep(0.05)
    return button


def photograph(script, **environment):
    """Start the program on the samples, with a home of its own, and let a script drive it."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            environment, SHARPEN_HOME=home, PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring"
        )
        from sharpen_desktop.main import open_window

        return open_window(list(PHOTOS), script)


def main():
    """Take the pictures of one part, named by the argument; without one, of both."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.argv[1:] == ["local"]:
        return photograph(take_local)
    if sys.argv[1:] == ["cloud"]:
        from support.api_server import ApiServer

        with ApiServer() as server:
            return photograph(take_cloud, SHARPEN_API_URL=server.url, SHARPEN_API_KEY="sk-made-up-0123456789")
    # One Qt program a process.
    parts = [subprocess.run([sys.executable, __file__, part], check=False) for part in ("local", "cloud")]
    return max(part.returncode for part in parts)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    sys.exit(main())
