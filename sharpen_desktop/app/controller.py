"""One method per wish of the user. The window calls these and nothing else."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from sharpen_desktop.app.arriving import Mending
from sharpen_desktop.app.blind_tests import BlindTests
from sharpen_desktop.app.money import CloudLoader
from sharpen_desktop.app.parts import Parts
from sharpen_desktop.app.ports import Archive, Dialogs, Keys, Mixer, Pictures, PrefsFile, Study
from sharpen_desktop.app.running import EngineLoader
from sharpen_desktop.app.store import Store
from sharpen_desktop.core import mixing, several, sides, studying, variants
from sharpen_desktop.core.blind import Answer
from sharpen_desktop.core.brush import Brush, Stroke, Target, Tool
from sharpen_desktop.core.carried_settings import settings_in
from sharpen_desktop.core.editing import (
    edit_sealed,
    engine_chosen,
    setting_edited,
    settings_redone,
    settings_undone,
)
from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.notices import notice_dismissed, status_said
from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.running import run_dismissed
from sharpen_desktop.core.schema import ModelSchema, Value, clean
from sharpen_desktop.core.second import SecondView
from sharpen_desktop.core.settings import EngineName, defaults
from sharpen_desktop.core.sharpness import Sight
from sharpen_desktop.core.sharpness_overlay import overlay_stepped
from sharpen_desktop.core.shelf import tidied
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import View
from sharpen_desktop.core.steps import history_step_chosen
from sharpen_desktop.core.study import Area
from sharpen_desktop.core.viewing import before_shown, second_changed, view_chosen, view_turned


class Controller:
    """Ties the store to the outside through ports.

    ``engines`` and ``cloud`` load on first use what they name; each must return the same object every time.
    ``sample``: the photo that comes with the program; ``scratch``: a folder for this session.
    """

    def __init__(
        self,
        store: Store,
        schema: ModelSchema,
        pictures: Pictures,
        engines: Mapping[EngineName, EngineLoader],
        prefs_file: PrefsFile,
        keys: Keys,
        dialogs: Dialogs,
        sample: Path,
        scratch: Path,
        archive: Archive,
        cloud: CloudLoader,
        study: Study,
        mixer: Mixer,
    ) -> None:
        self._store = store
        self._schema = schema
        self._sample = sample
        self._parts = Parts(
            store,
            schema,
            pictures,
            engines,
            prefs_file,
            keys,
            dialogs,
            sample,
            scratch,
            archive,
            cloud,
            study,
            mixer,
        )
        self.board = self._parts.board
        self.blind = BlindTests(store)
        self.closed = self._parts.closer.closed

    def started(self) -> None:
        """Take up what an earlier session has left: the key, runs that are not settled, what waits."""
        self._parts.start()

    # Opening

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders."""
        self._parts.opener.open_paths(paths)

    def open_pasted(self, write: Callable[[Path], Awaitable[bool]]) -> None:
        """Open a picture from the clipboard: ``write`` puts it as a PNG at the path it is given."""
        self._parts.opener.open_pasted(write)

    def open_web(self, url: str) -> None:
        """Fetch and open the photo at a public https address."""
        self._parts.opener.open_web(url)

    def open_sample(self) -> None:
        """Open the sample photo that comes with the program."""
        self._parts.opener.open_paths((self._sample,))

    def choose_files(self) -> None:
        """Ask which photos to open."""
        self._parts.chooser.choose_files()

    def choose_folder(self) -> None:
        """Ask which folder of photos to open."""
        self._parts.chooser.choose_folder()

    def step_photo(self, places: int) -> None:
        """Show the next (1) or previous (-1) photo."""
        self._parts.opener.step(places)

    def show_photo(self, photo_id: str) -> None:
        """Show a photo of the list."""
        self._parts.opener.show(photo_id)

    def close_photo(self) -> None:
        """Take the current photo off the list, after a question when it has unsaved results."""
        self._parts.closer.close_photo()

    # Settings

    def edit_setting(self, name: str, value: Value | None) -> None:
        """Give a field a value, or Auto with ``None``."""
        settings = self._store.state.settings.replaced(name, clean(self._schema.param(name), value))
        self._store.apply(setting_edited, settings, name)

    def end_edit(self) -> None:
        """End a growing edit (a slider was let go): undo goes back to before it."""
        self._store.apply(edit_sealed)

    def reset_setting(self, name: str) -> None:
        """Give a field its default, or Auto."""
        self.end_edit()
        self.edit_setting(name, self._schema.param(name).default)
        self.end_edit()

    def reset_settings(self) -> None:
        """Give all fields their defaults."""
        self._store.apply(setting_edited, defaults(self._schema), "")

    def undo(self) -> None:
        """Take the last change back; what was done to another photo is undone before the user's eyes."""
        before = self._store.state.history.present
        self._store.apply(settings_undone)
        self._show_repainted(before)

    def redo(self) -> None:
        """Make the change that was taken back again."""
        before = self._store.state.history.present
        self._store.apply(settings_redone)
        self._show_repainted(before)

    def go_to_step(self, place: int) -> None:
        """Go to the step of the history that has so many before it."""
        before = self._store.state.history.present
        self._store.apply(history_step_chosen, place)
        self._show_tidied(before)
        self._show_remixed(before)

    def _show_repainted(self, before: Wanted) -> None:
        state = self._store.state
        photo_id = studying.repainted(before, state.history.present)
        if photo_id not in ("", state.current_id):
            self.show_photo(photo_id)
        self._show_tidied(before)
        self._show_remixed(before)

    def _show_remixed(self, before: Wanted) -> None:
        """Show the result whose mix has changed."""
        photo_id, variant_id = mixing.remixed(before, self._store.state.history.present)
        if photo_id not in ("", self._store.state.current_id):
            self.show_photo(photo_id)
        self._store.apply(mixing.remixed_shown, photo_id, variant_id)

    def _show_tidied(self, before: Wanted) -> None:
        """Show the photo whose variants were renamed or came back, with their pixels."""
        if photo_id := tidied(before, self._store.state.history.present):
            self._store.apply(status_said, "")  # that it was deleted is no longer so
            self.show_photo(photo_id)

    def use_settings(self, variant_id: str) -> None:
        """Want again what a variant of the current photo was made with, painted strokes too."""
        self._store.apply(variants.settings_reused, variant_id)

    def paste_settings(self, text: str) -> None:
        """Want the settings that were copied as this text; a note when it holds none."""
        settings = settings_in(text, self._schema)
        if settings is None:
            self.board.note("The clipboard holds no settings. Copy some first, with Ctrl+Shift+C.")
        else:
            self._store.apply(setting_edited, settings, "")

    def choose_engine(self, engine: EngineName) -> None:
        """Choose where to sharpen."""
        self._store.apply(engine_chosen, engine)

    def change_prefs(self, **changes: object) -> None:
        """Change some preferences; they are in force at once and written soon."""
        self._parts.remembering.change(**changes)

    # Comparing

    def choose_view(self, view: View) -> None:
        """Choose how the canvas compares."""
        if self._store.state.is_blind:
            self.blind.choose_view(view)
        elif view == "up":
            self._store.apply(several.up_wanted)
        elif view == "single" or self._store.state.can_compare:
            self._store.apply(view_chosen, view)

    def show_up(self, count: int) -> None:
        """Show three or four variants at once."""
        self.blind.unless_on(several.up_shown, count)

    def turn_view(self) -> None:
        """Turn the divider by 90°."""
        if self._store.state.is_blind:
            self.blind.turn()
        else:
            self._store.apply(view_turned)

    def choose_side(self, side: Side, variant_id: str) -> None:
        """Put a variant on a side."""
        self.blind.unless_on(side_chosen, side, variant_id)

    def put_on_side(self, side: Side, variant_id: str) -> None:
        """Put a variant on a half of the canvas; both halves are then seen."""
        self.blind.unless_on(variants.put_on_side, side, variant_id)

    def choose_side_file(self, side: Side) -> None:
        """Ask for a file to compare with and put it on a side."""
        self._parts.side_files.choose(side)

    def put_file_on_side(self, side: Side, path: Path) -> None:
        """Put a picture from the disk on a side, to compare with."""
        self._parts.side_files.put(side, path)

    def swap_sides(self) -> None:
        """Show before what is shown after, and the other way round."""
        self.blind.unless_on(sides.sides_swapped)

    def step_variant(self, side: Side, step: int) -> None:
        """Show the next (1) or previous (-1) variant on a side."""
        self.blind.unless_on(sides.variant_stepped, side, step)

    def make_shown_before(self) -> None:
        """Make the shown variant the one before, or put the original back there."""
        self.blind.unless_on(sides.shown_made_before)

    def show_before(self, is_shown: bool) -> None:
        """Show the before picture in place, or go back to the after one."""
        self._store.apply(before_shown, is_shown=is_shown)

    def begin_blind(self) -> None:
        """Compare both sides without knowing which is which."""
        self.blind.begin()

    def answer_blind(self, answer: Answer) -> None:
        """Prefer a picture of the blind test, or neither."""
        self.blind.answer(answer)

    def end_blind(self) -> None:
        """End the blind test, or put its outcome away."""
        self.blind.end()

    def toggle_second(self) -> None:
        """Open the second window, or close it."""
        second = None if self._store.state.second else SecondView()
        self._store.apply(second_changed, second)

    def change_second(self, second: SecondView | None) -> None:
        """Change what the second window shows, or close it."""
        self._store.apply(second_changed, second)

    # What is found out about the photo, and painting on it

    def look_at(self, area: Area | None) -> None:
        """Say what of the current photo is in view; ``None`` for nothing. Previews follow."""
        self._parts.studying.look_at(area)

    def see(self, sight: Sight) -> None:
        """Say what of the shown picture is in view and how large; the sharpness overlay follows."""
        self._parts.measuring.see(sight)

    def step_overlay(self) -> None:
        """Show the next of the sharpness overlay: before, after, change, off."""
        self._store.apply(overlay_stepped)

    def set_previews(self, is_on: bool) -> None:
        """Sharpen what is in view on this computer while settings change, or no longer."""
        self._parts.remembering.change(is_preview_on=is_on)

    def choose_tool(self, tool: Tool, target: Target | None = None) -> None:
        """Take a brush in hand that adds to a target or takes away, or put it away with an empty one.

        Without a target: for what it was used last, or what there is.
        """
        self._store.apply(studying.tool_taken, tool, target)

    def change_brush(self, brush: Brush) -> None:
        """Change the brush's size and feather."""
        self._store.apply(studying.brush_changed, brush)

    def paint(self, stroke: Stroke) -> None:
        """Paint one finished stroke on what the brush is for."""
        self._store.apply(studying.painted, stroke)

    def clear_strokes(self, target: Target = "subject") -> None:
        """Take everything away that is painted on the current photo's subject, or on the mix of the shown result."""
        self._store.apply(studying.strokes_cleared, target)

    def show_mask(self, is_shown: bool, target: Target | None = None) -> None:
        """Draw what a target covers over the picture or not."""
        self._store.apply(studying.mask_shown, is_shown=is_shown, target=target)

    # The mix of the shown result: free, and made on this computer

    def mix(self, share: float) -> None:
        """Lay so much of the shown result, 0–1, over its base."""
        self._store.apply(mixing.share_changed, share)

    def choose_mix_base(self, variant_id: str) -> None:
        """Lay the shown result over another picture of its photo."""
        self._store.apply(mixing.base_chosen, variant_id)

    def show_faces(self, are_shown: bool) -> None:
        """Draw boxes round the faces or not."""
        self._store.apply(studying.faces_shown, are_shown=are_shown)

    # Running

    def sharpen(self) -> None:
        """Sharpen the current photo with the chosen engine; a stored result is shown instead, free."""
        self._parts.orders.sharpen()

    def sharpen_elsewhere(self) -> None:
        """Sharpen once with the engine that is not chosen; always asks when that is the paid one."""
        self._parts.orders.sharpen("local" if self._store.state.engine == "cloud" else "cloud")

    def sharpen_all(self) -> None:
        """Sharpen every photo that has no result for the present settings, after one question."""
        self._parts.orders.sharpen_all()

    def run_again(self) -> None:
        """Send the current photo again although its result is stored; always asks."""
        self._parts.orders.run_again()

    def stop(self) -> None:
        """Stop the current photo's run, or take it out of the queue; asks first when it may already cost."""
        self._parts.stopper.stop()

    def stop_all(self) -> None:
        """Empty the queue and stop what goes on; asks about what may already cost."""
        self._parts.stopper.stop_all()

    def pause_queue(self) -> None:
        """Let nothing more of the queue begin."""
        self._parts.queue.pause()

    def resume_queue(self) -> None:
        """Let the queue go on."""
        self._parts.queue.resume()

    def resume_kept_queue(self) -> None:
        """Put what waited when the program last ended back into the queue; the cloud asks first."""
        self._parts.orders.resume_kept()

    def forget_kept_queue(self) -> None:
        """Forget what waited when the program last ended."""
        self._parts.orders.forget_kept()

    def dismiss_run(self, run_id: str) -> None:
        """Take a failed run off the list."""
        self._store.apply(run_dismissed, run_id)

    def rename_variant(self, variant_id: str, name: str) -> None:
        """Call a variant of the current photo something else; an empty name gives its own back."""
        self._store.apply(variants.variant_renamed, variant_id, name)

    def mend_variant(self, variant_id: str, what: Mending) -> None:
        """Make a new free variant from a result that came shifted ("align") or with a cast ("colour")."""
        self._parts.mend(variant_id, what)

    def delete_variant(self, variant_id: str) -> None:
        """Take a result of the current photo away, to undo; asks about a paid one, which goes for good."""
        self._parts.cloud_runs.delete_variant(variant_id)

    # Saving

    def save(self) -> None:
        """Save the shown variant again, or as a new file."""
        self._parts.saver.save()

    def save_as(self) -> None:
        """Save the shown variant under a name to be chosen."""
        self._parts.saver.save_as()

    def prepare_handout(self, variant_id: str) -> None:
        """Let a file of a variant be ready before it is dragged out of the window."""
        self._parts.hand_outs.prepare(variant_id)

    def copy_shown(self, put: Callable[[bytes, Path], None]) -> None:
        """Copy what is shown: ``put`` gets a PNG's bytes and a file of the same picture."""
        self._parts.hand_outs.copy(put)

    # The cloud: money, key, what leaves, earlier runs

    def refresh_money(self) -> None:
        """Ask for the price and the balance now."""
        self._parts.money.refresh()

    def show_outgoing(self) -> None:
        """Show exactly what would leave this computer for the current photo; nothing is sent."""
        self._parts.outbox.show()

    def give_key(self, text: str) -> None:
        """Use a key for this session; a notice when it cannot be one."""
        self._parts.key_desk.give(text)

    def keep_key(self, place: KeyPlace) -> None:
        """Keep the key in use at this place."""
        self._parts.key_desk.keep(place)

    def forget_key(self) -> None:
        """Remove the key from everywhere the program has put it."""
        self._parts.key_desk.forget()

    def check_key(self, text: str) -> None:
        """Ask the service about a key, the one in use for an empty text."""
        self._parts.key_desk.check(text)

    def keep_bucket_secrets(self, access: str, secret: str) -> None:
        """Use and keep the two secrets of the user's bucket; two empty texts forget them."""
        self._parts.key_desk.keep_bucket_secrets(access, secret)

    def list_paid_runs(self) -> None:
        """Read the journal for the list of cloud runs."""
        self._parts.cloud_runs.list_all()

    def show_paid_run(self, run_id: str) -> None:
        """Show a stored result, beside its photo when that is still there."""
        self._parts.cloud_runs.show(run_id)

    def settle_run(self, run_id: str) -> None:
        """Ask now what has become of a run."""
        self._parts.settler.check(run_id)

    def send_again(self, run_id: str) -> None:
        """Send what a run asked for once more, after a question."""
        self._parts.cloud_runs.send_again(run_id)

    def discard_run(self, run_id: str) -> None:
        """Delete a run's stored result for good, after a question."""
        self._parts.cloud_runs.discard(run_id)

    # Notices

    def dismiss_notice(self, notice_id: str) -> None:
        """Take a notice away."""
        self._store.apply(notice_dismissed, notice_id)

    def act(self, notice_id: str, wish: str) -> None:
        """Do what one of a notice's buttons says; the notice is answered by that."""
        self._parts.wishes.act(notice_id, wish)

    # Closing

    def close(self) -> None:
        """Ask what must be asked, then end everything and set ``closed``."""
        self._parts.closer.close()

    def close_now(self) -> None:
        """End everything without a question: a signal came, or there is nothing to ask."""
        self.closed.set()

    def may_close_at_once(self) -> bool:
        """Whether closing now needs no question and loses nothing."""
        return self._parts.closer.may_close_at_once()

    async def aclose(self) -> None:
        """Cancel what goes on, and write the preferences and what waits."""
        await self._parts.aclose()
