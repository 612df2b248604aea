"""One window for each configuration: later starts hand their files over, dead ones are taken over."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QWidget

from sharpen_desktop.ui import one_instance
from sharpen_desktop.ui.one_instance import OneInstance, bring_to_front, meeting_place

ROOT = Path(__file__).parents[2]
START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from sharpen_desktop.ui.one_instance import OneInstance
app = QCoreApplication([])
one = OneInstance(sys.argv[1], Path(sys.argv[1] + ".lock"))
print("alone" if one.begin([Path(each) for each in sys.argv[2:]]) else "handed over", flush=True)
one.welcome()
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path_factory):
    """A place for the socket, short enough for every system."""
    return str(tmp_path_factory.mktemp("i") / "s")


@pytest.fixture
def make_one(qapp, place):
    made = []

    def make():
        made.append(OneInstance(place, Path(f"{place}.lock")))
        return made[-1]

    yield make
    for each in made:
        each.end()


def start(place, *files, cwd=None):
    """Start another program that wants to be the one."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", START, place, *files],
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def said(program):
    return program.stdout.readline().strip()


def end(program):
    program.stdin.close()
    program.wait(10)
    rest = program.stdout.read()
    program.stdout.close()
    return rest


def test_a_later_start_hands_its_files_over_with_their_whole_paths_and_is_not_the_one(
    qtbot, make_one, place, tmp_path
):
    one = make_one()
    assert one.begin([])
    given = []
    one.files_given.connect(given.append)
    one.welcome()
    later = start(place, "one.jpg", "/elsewhere/zwei ü.png", cwd=tmp_path)
    qtbot.waitUntil(lambda: bool(given), timeout=20_000)
    assert given == [(tmp_path / "one.jpg", Path("/elsewhere/zwei ü.png"))]
    assert said(later) == "handed over"
    assert end(later) == ""


def test_files_that_come_before_the_window_can_take_them_wait_for_it(qtbot, make_one, place):
    one = make_one()
    assert one.begin([])
    later = start(place, "/here/a.jpg")
    qtbot.waitUntil(one._server.hasPendingConnections, timeout=20_000)
    given = []
    one.files_given.connect(given.append)
    one.welcome()
    qtbot.waitUntil(lambda: bool(given), timeout=20_000)
    assert given == [(Path("/here/a.jpg"),)]
    assert said(later) == "handed over"
    end(later)


def test_of_a_start_that_has_given_up_waiting_nothing_is_taken(qtbot, make_one, place):
    """It has opened its files in a window of its own."""
    one = make_one()
    assert one.begin([])
    caller = QLocalSocket()
    caller.connectToServer(place)
    assert caller.waitForConnected(1000)
    caller.write(b'["/here/a.jpg"]\n')
    caller.flush()
    qtbot.waitUntil(one._server.hasPendingConnections)
    caller.abort()
    waiting = one._server.findChild(QLocalSocket)
    qtbot.waitUntil(lambda: waiting.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    given = []
    one.files_given.connect(given.append)
    one.welcome()
    qtbot.wait(50)
    assert given == []
    assert one._heard == {}


def test_a_later_start_without_files_only_wants_the_window_seen(qtbot, make_one, place):
    one = make_one()
    assert one.begin([])
    given = []
    one.files_given.connect(given.append)
    one.welcome()
    later = start(place)
    qtbot.waitUntil(lambda: bool(given), timeout=20_000)
    assert given == [()]
    end(later)


def test_the_socket_of_a_program_that_was_killed_is_taken_over(make_one, place):
    first = start(place)
    assert said(first) == "alone"
    os.kill(first.pid, signal.SIGKILL)
    end(first)
    one = make_one()
    assert one.begin([])
    one.welcome()
    later = start(place)
    one_instance_answers(later)


def one_instance_answers(later):
    """Let the test's own loop answer the later start."""
    from PySide6.QtWidgets import QApplication

    told = []
    waiting = threading.Thread(target=lambda: told.append(said(later)))
    waiting.start()
    while waiting.is_alive():
        QApplication.instance().processEvents()
        waiting.join(0.01)
    assert told == ["handed over"]
    end(later)


def test_when_the_window_is_closed_the_next_start_is_the_one(make_one, place):
    one = make_one()
    assert one.begin([])
    one.end()
    later = start(place)
    assert said(later) == "alone"
    end(later)


def test_two_places_are_two_windows(make_one, place):
    assert make_one().begin([])
    other = start(f"{place}2")
    assert said(other) == "alone"
    end(other)


def test_of_many_starts_at_once_one_is_the_one(place):
    """The others reach it while its loop has not begun: they give up after a while and open for themselves."""
    starts = [start(place) for _ in range(2)]
    told = sorted(said(each) for each in starts)
    assert "alone" in told
    for each in starts:
        end(each)


def test_a_window_that_hangs_does_not_keep_a_later_start_from_opening(monkeypatch, make_one, place):
    """Nobody turns the first one's loop here, so it takes the connection and never answers."""
    monkeypatch.setattr(one_instance, "ANSWER_MS", 200)
    assert make_one().begin([])
    assert make_one().begin([Path("one.jpg")])


@pytest.mark.parametrize("message", [b"rubbish\n", b"[1, 2]\n", b'{"a": 1}\n', b"\xff\xfe\n"])
def test_a_message_that_is_none_is_not_taken(qtbot, make_one, place, message):
    one = make_one()
    assert one.begin([])
    given = []
    one.files_given.connect(given.append)
    one.welcome()
    caller = QLocalSocket()
    caller.connectToServer(place)
    assert caller.waitForConnected(1000)
    caller.write(message)
    qtbot.waitUntil(lambda: caller.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert bytes(caller.readAll().data()) == b""
    assert given == []


def test_a_message_that_never_ends_is_cut(qtbot, monkeypatch, make_one, place):
    monkeypatch.setattr(one_instance, "MOST_BYTES", 1000)
    one = make_one()
    assert one.begin([])
    one.welcome()
    caller = QLocalSocket()
    caller.connectToServer(place)
    assert caller.waitForConnected(1000)
    caller.write(b"x" * 5000)
    qtbot.waitUntil(lambda: caller.state() is QLocalSocket.LocalSocketState.UnconnectedState)


def test_a_message_in_pieces_is_taken_whole(qtbot, make_one, place):
    one = make_one()
    assert one.begin([])
    given = []
    one.files_given.connect(given.append)
    one.welcome()
    caller = QLocalSocket()
    caller.connectToServer(place)
    assert caller.waitForConnected(1000)
    message = json.dumps(["/a/one.jpg"]).encode() + b"\n"
    caller.write(message[:5])
    caller.flush()
    qtbot.wait(30)
    caller.write(message[5:])
    qtbot.waitUntil(lambda: bool(given))
    assert given == [(Path("/a/one.jpg"),)]


def test_each_configuration_has_a_meeting_place_of_its_own(tmp_path):
    one, other = meeting_place(tmp_path / "one"), meeting_place(tmp_path / "other")
    assert one == meeting_place(tmp_path / "one")
    assert one[0] != other[0]
    assert one[1] == tmp_path / "one" / "window.lock"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have names, not paths")
def test_the_socket_lies_with_the_configuration_unless_its_path_is_too_long_for_one():
    short, long = Path("/home/someone/.config/sharpen-desktop"), Path("/home/" + "x" * 120)
    assert meeting_place(short)[0] == str(short / "window.socket")
    assert len(os.fsencode(meeting_place(long)[0])) <= 100
    assert meeting_place(long)[0] != meeting_place(long / "y")[0]


def test_a_minimised_window_comes_to_the_front(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    bring_to_front(window)
    assert window.isVisible()
    assert not window.isMinimized()
