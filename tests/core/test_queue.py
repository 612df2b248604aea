"""The queue: whatever happens in whatever order, nothing is lost, nothing paused starts, no third one starts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sharpen_desktop.core import queue
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import photo_removed, photos_added
from sharpen_desktop.core.running import run_dismissed, run_ended
from sharpen_desktop.core.runs import Batch, Outcome, Pause, Run
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState

PLAIN = Settings((("mode", "Standard"),))
STRONG = Settings((("mode", "Strong"),))
SENT = Progress(Phase.WAITING, is_paid_risk=True)
PAUSES = tuple(each for each in Pause if each is not Pause.NONE)


def run(name="r", engine="cloud", photo_id="a", **more):
    return Run(name, photo_id, engine, "A run", PLAIN, **more)


def waiting(*names, engine="cloud", **more):
    return tuple(run(name, engine, is_waiting=True, **more) for name in names)


def names(runs):
    return [each.id for each in runs]


def startable(runs, pause=Pause.NONE, *, is_cloud_proven=True):
    return names(queue.startable(runs, pause, is_cloud_proven=is_cloud_proven))


def state(*runs, **more):
    return AppState(begun(PLAIN), runs=runs, **more)


# What may start


def test_one_local_run_and_two_cloud_runs_start_in_their_order():
    runs = (*waiting("1", "2", "3"), *waiting("x", "y", engine="local"))
    assert startable(runs) == ["1", "2", "x"]


def test_what_is_busy_counts_also_when_nobody_waits_for_it_any_more():
    left = run("0", is_left=True)
    assert startable((left, *waiting("1", "2"))) == ["1"]
    assert startable((run("x", "local"), *waiting("y", engine="local"))) == []


def test_what_has_failed_does_not_count():
    assert startable((run("0", problem="It broke."), *waiting("1", "2"))) == ["1", "2"]


@pytest.mark.parametrize("pause", PAUSES)
def test_a_pause_keeps_the_cloud_from_starting_and_only_the_users_own_the_local_engine(pause):
    runs = (*waiting("1"), *waiting("x", engine="local"))
    assert startable(runs, pause) == ([] if pause is Pause.USER else ["x"])


def test_a_batch_sends_one_photo_until_the_service_has_answered_once():
    batch = waiting("1", "2", "3", in_batch=True)
    assert startable(batch, is_cloud_proven=False) == ["1"]
    assert startable((run("0", in_batch=True), *batch), is_cloud_proven=False) == []
    assert startable((run("0", in_batch=True), *batch), is_cloud_proven=True) == ["1"]


def test_single_photos_need_no_proof():
    assert startable(waiting("1", "2"), is_cloud_proven=False) == ["1", "2"]


def test_a_pause_for_a_reason_asks_for_proof_again_and_the_users_own_does_not():
    proven = queue.cloud_proven(state())
    assert queue.queue_paused(proven, Pause.USER).is_cloud_proven
    assert not queue.queue_paused(proven, Pause.CREDIT).is_cloud_proven


class QueueMachine(RuleBasedStateMachine):
    """Presses, starts, ends, refusals and pauses in any order."""

    def __init__(self):
        super().__init__()
        self.now = state(photos=tuple(Photo(name, f"{name}.jpg") for name in "abc"))
        self.added = self.taken = self.ended = self.count = 0
        self.begun_while_paused = []

    def some(self, kind, number):
        found = [each for each in self.now.runs if kind(each)]
        return found[number % len(found)] if found else None

    @rule(engine=st.sampled_from(["local", "cloud"]), photo=st.sampled_from("abc"), batch=st.booleans())
    def press(self, engine, photo, batch):
        failed = sum(bool(each.problem) and each.photo_id == photo for each in self.now.runs)
        self.ended += failed  # a new run takes the place of a failed one
        self.count += 1
        self.added += 1
        self.now = queue.runs_queued(self.now, (run(str(self.count), engine, photo, in_batch=batch),))

    @rule()
    def start_what_may(self):
        before = self.now
        for each in queue.startable(before.runs, before.pause, is_cloud_proven=before.is_cloud_proven):
            self.begun_while_paused.append(before.pause is Pause.USER)
            self.begun_while_paused.append(each.engine == "cloud" and before.pause is not Pause.NONE)
            self.now = queue.run_begun(self.now, each.id, 1.0)
            assert self.now.run(each.id).is_busy

    @rule(number=st.integers(0, 9), problem=st.sampled_from(["", "It broke."]))
    def end(self, number, problem):
        if (one := self.some(lambda each: each.is_busy, number)) is not None:
            self.ended += not problem
            self.now = run_ended(self.now, one.id, problem)

    @rule(number=st.integers(0, 9), pause=st.sampled_from(PAUSES))
    def refuse(self, number, pause):
        if (one := self.some(lambda each: each.is_busy, number)) is not None:
            self.now = queue.run_returned(queue.queue_paused(self.now, pause), one.id)
            assert self.now.run(one.id).is_waiting

    @rule(pause=st.sampled_from(tuple(Pause)))
    def pause(self, pause):
        self.now = queue.queue_paused(self.now, pause)

    @rule()
    def prove(self):
        self.now = queue.cloud_proven(self.now)

    @rule(number=st.integers(0, 9), is_left=st.booleans())
    def leave_or_wait_again(self, number, is_left):
        if (one := self.some(bool, number)) is not None:
            self.now = queue.run_left(self.now, one.id, is_left=is_left)

    @rule(number=st.integers(0, 9))
    def take_out(self, number):
        if (one := self.some(bool, number)) is not None:
            self.taken += one.is_waiting
            self.now = queue.run_taken_out(self.now, one.id)

    @rule(number=st.integers(0, 9))
    def dismiss(self, number):
        if (one := self.some(bool, number)) is not None:
            self.ended += bool(one.problem)
            self.now = run_dismissed(self.now, one.id)

    @rule(photo=st.sampled_from("abc"))
    def close_and_open_a_photo(self, photo):
        gone = [each for each in self.now.runs if each.photo_id == photo and not each.is_busy]
        self.taken += len(gone)
        self.now = photos_added(photo_removed(self.now, photo), (Photo(photo, f"{photo}.jpg"),))

    @invariant()
    def never_a_third_one(self):
        for engine, most in (("local", 1), ("cloud", 2)):
            assert sum(each.is_busy and each.engine == engine for each in self.now.runs) <= most

    @invariant()
    def nothing_paused_begins(self):
        assert not any(self.begun_while_paused)

    @invariant()
    def nothing_is_lost(self):
        assert self.added == len(self.now.runs) + self.taken + self.ended
        assert len({each.id for each in self.now.runs}) == len(self.now.runs)


TestAnyOrderOfEvents = QueueMachine.TestCase


# Steps


def test_only_a_waiting_run_begins_and_only_a_waiting_one_is_taken_out():
    before = state(*waiting("1"), run("2", started_s=5.0))
    begun = queue.run_begun(queue.run_begun(before, "1", 7.0), "2", 7.0)
    assert [each.started_s for each in begun.runs] == [7.0, 5.0]
    assert not begun.run("1").is_waiting
    assert names(queue.run_taken_out(before, "2").runs) == ["1", "2"]
    assert names(queue.run_taken_out(before, "1").runs) == ["2"]


def test_a_run_that_returns_waits_as_if_it_had_never_begun():
    returned = queue.run_returned(state(run("1", progress=SENT, started_s=3.0, is_left=True)), "1").run("1")
    assert returned == replace(run("1"), is_waiting=True)


def test_queueing_a_photo_again_replaces_its_failed_run_and_no_other():
    before = state(run("1", problem="no"), run("2", photo_id="b", problem="no"), run("3", photo_id="c"))
    after = queue.runs_queued(before, (run("4", photo_id="a"), run("5", photo_id="c")))
    assert names(after.runs) == ["2", "3", "4", "5"]
    assert names(queue.waiting(after)) == ["4", "5"]


@pytest.mark.parametrize(
    ("pause", "held", "after"),
    [
        (Pause.CREDIT, waiting("2"), Pause.CREDIT),
        (Pause.CREDIT, waiting("2", engine="local"), Pause.NONE),
        (Pause.USER, waiting("2", engine="local"), Pause.USER),
        (Pause.USER, (run("2"),), Pause.NONE),
    ],
)
def test_a_pause_lasts_as_long_as_it_holds_something_up(pause, held, after):
    before = state(*waiting("1"), *held, pause=pause)
    assert queue.run_taken_out(before, "1").pause is after


# Batches


def batch(*run_ids, quote_usd=None):
    return Batch("cloud", run_ids, quote_usd=quote_usd)


def test_a_second_batch_while_one_goes_on_makes_it_longer():
    one = queue.batch_begun(state(), batch("1", "2", quote_usd=0.2))
    both = queue.batch_begun(one, batch("3", quote_usd=0.1)).batch
    assert both.run_ids == ("1", "2", "3")
    assert both.quote_usd == pytest.approx(0.3)
    unknown = queue.batch_begun(one, batch("3")).batch
    assert unknown.quote_usd is None


def test_a_batch_after_one_that_is_over_is_a_new_one():
    over = queue.outcome_noted(queue.batch_begun(state(), batch("1")), "1", Outcome("a", "a.jpg"))
    assert over.batch.is_over
    assert queue.batch_begun(over, batch("2")).batch == batch("2")


def test_each_photo_of_a_batch_ends_once():
    begun = queue.batch_begun(state(), batch("1", "2"))
    once = queue.outcome_noted(begun, "1", Outcome("a", "a.jpg", "It broke.", charge=Charge.NONE))
    twice = queue.outcome_noted(once, "1", Outcome("a", "a.jpg"))
    assert twice == once
    assert [each.problem for each in once.batch.outcomes] == ["It broke."]
    assert not once.batch.is_over
    assert queue.outcome_noted(once, "another", Outcome("c", "c.jpg")) == once


@given(st.permutations(["1", "2", "3", "4"]), st.data())
def test_a_batch_is_over_exactly_when_every_photo_has_ended(order, data):
    now = queue.batch_begun(state(), batch("1", "2", "3", "4"))
    for place, name in enumerate(order, 1):
        problem = data.draw(st.sampled_from(["", "It broke."]))
        now = queue.outcome_noted(now, name, Outcome(name, f"{name}.jpg", problem))
        assert now.batch.is_over is (place == 4)


def photo(name, *made_with, loading=Loading.READY, engine="cloud"):
    results = [Variant(f"{name}-{place}", engine, made_with=each) for place, each in enumerate(made_with)]
    return Photo(name, f"{name}.jpg", f"/{name}.jpg", loading=loading, variants=(Variant("o"), *results))


def test_a_batch_is_for_photos_without_a_result_for_the_present_engine_and_settings():
    photos = (
        photo("new", loading=Loading.LISTED),
        photo("done", PLAIN),
        photo("otherwise", STRONG),
        photo("elsewhere", PLAIN, engine="local"),
        photo("both", STRONG, PLAIN),
        photo("broken", loading=Loading.FAILED),
        photo("queued"),
        photo("going"),
        photo("failed"),
    )
    runs = (
        *waiting("1", photo_id="queued"),
        run("2", photo_id="going"),
        run("3", photo_id="failed", problem="no"),
    )
    found = queue.wanting(state(*runs, photos=photos, engine="cloud"))
    assert [each.id for each in found] == ["new", "otherwise", "elsewhere", "failed"]


# What outlives the program


def test_what_waits_is_kept_and_what_of_a_batch_cannot_have_cost_yet():
    photos = tuple(photo(name) for name in "abcdef")
    runs = (
        *waiting("1", photo_id="a"),
        run("2", "local", "b", in_batch=True),
        run("3", "cloud", "c", in_batch=True, progress=SENT),
        run("4", "local", "d"),
        run("5", "cloud", "e", problem="no"),
        run("6", "cloud", "f", in_batch=True, progress=Progress(Phase.UPLOADING, 0.4)),
    )
    kept = queue.to_keep(state(*runs, photos=photos))
    assert [each.path for each in kept] == ["/a.jpg", "/b.jpg", "/f.jpg"]
    assert {each.settings for each in kept} == {PLAIN}
    assert [each.engine for each in kept] == ["cloud", "local", "cloud"]


def test_a_pasted_picture_is_not_kept_because_its_file_goes_with_the_program():
    pasted = replace(photo("a"), is_pasted=True)
    assert queue.to_keep(state(*waiting("1"), photos=(pasted,))) == ()
