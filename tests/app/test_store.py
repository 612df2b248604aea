"""The store holds the one state."""

import pytest

from sharpen_desktop.app.store import Store
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.photos import photo_chosen
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.viewing import view_chosen


def new_store():
    return Store(AppState(begun(Settings())))


def test_a_listener_hears_of_every_difference_with_the_new_state():
    store, heard = new_store(), []
    store.subscribe(heard.append)
    store.apply(status_said, "Reading")
    store.apply(view_chosen, "split")
    assert [state.status for state in heard] == ["Reading", "Reading"]
    assert heard[-1] is store.state
    assert store.state.view == "split"


def test_a_transition_that_changes_nothing_is_not_heard():
    store, heard = new_store(), []
    store.subscribe(heard.append)
    store.apply(status_said, "")
    store.apply(photo_chosen, "gone")
    assert heard == []


def test_every_listener_hears():
    store, first, second = new_store(), [], []
    store.subscribe(first.append)
    store.subscribe(second.append)
    store.apply(status_said, "Reading")
    assert len(first) == len(second) == 1


def test_a_listener_that_changes_the_state_is_heard_as_well():
    store, heard = new_store(), []

    def answer(state):
        if state.status == "Reading":
            store.apply(status_said, "Read")

    store.subscribe(answer)
    store.subscribe(lambda state: heard.append(state.status))
    store.apply(status_said, "Reading")
    assert store.state.status == "Read"
    assert heard == ["Read"]  # and not of the state that was over before its turn


def test_of_transitions_that_go_together_only_the_last_state_is_heard():
    store, heard = new_store(), []
    store.subscribe(heard.append)
    with store.at_once():
        store.apply(status_said, "Reading")
        assert store.state.status == "Reading"
        with store.at_once():
            store.apply(view_chosen, "split")
        assert heard == []
    assert heard == [store.state]
    assert (store.state.status, store.state.view) == ("Reading", "split")


def test_nothing_is_heard_of_transitions_that_change_nothing_together():
    store, heard = new_store(), []
    store.subscribe(heard.append)
    with store.at_once():
        store.apply(status_said, "")
    assert heard == []


def test_what_was_done_before_an_error_is_heard():
    store, heard = new_store(), []
    store.subscribe(heard.append)

    def half():
        with store.at_once():
            store.apply(status_said, "Reading")
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        half()
    assert [state.status for state in heard] == ["Reading"]


def test_a_listener_that_subscribes_another_one_does_no_harm():
    store, heard = new_store(), []
    store.subscribe(lambda _: store.subscribe(heard.append))
    store.apply(status_said, "Reading")
    store.apply(status_said, "Read")
    assert [state.status for state in heard] == ["Read"]
