"""Every connection between what the window shows and what can be wished."""

from typing import TYPE_CHECKING

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.ui.actions import Actions

if TYPE_CHECKING:
    from sharpen_desktop.ui.interior import Interior


def connect_actions(actions: Actions, inside: "Interior", do: Controller) -> None:
    """Let each action do what it is named after."""
    commands, canvas, dialogs = inside.commands, inside.canvas, inside.dialogs
    wishes = {
        "open": do.choose_files, "open_folder": do.choose_folder, "paste": inside.wishes.paste,
        "sample": do.open_sample, "save": do.save, "save_as": do.save_as, "close_photo": do.close_photo,
        "quit": inside.wishes.quit, "undo": do.undo, "redo": do.redo, "reset_all": do.reset_settings,
        "copy": commands.copy_shown, "copy_settings": commands.copy_settings,
        "paste_settings": commands.paste_settings, "compare_file": commands.compare_file,
        "preferences": dialogs.show_preferences,
        "single": commands.view_single, "split": commands.view_split,
        "side_by_side": commands.view_side_by_side, "difference": commands.view_difference,
        "turn": do.turn_view, "swap": do.swap_sides, "blink": canvas.blinking.toggle,
        "new_before": do.make_shown_before, "previous_variant": commands.previous_variant,
        "next_variant": commands.next_variant, "loupe": canvas.toggle_loupe, "sharpness": do.step_overlay,
        "background": commands.next_background, "navigator": commands.toggle_navigator,
        "divider_left": commands.divider_left, "divider_centre": commands.divider_centre,
        "divider_right": commands.divider_right, "before": commands.toggle_before,
        "zoom_fit": canvas.fit, "zoom_100": commands.zoom_100, "zoom_200": commands.zoom_200,
        "zoom_in": canvas.zoom_in, "zoom_out": canvas.zoom_out,
        "next_photo": commands.next_photo, "previous_photo": commands.previous_photo,
        "theme_dark": commands.theme_dark, "theme_light": commands.theme_light,
        "theme_system": commands.theme_system, "left_panel": commands.toggle_left,
        "right_panel": commands.toggle_right, "side_panels": commands.toggle_sides,
        "filmstrip": commands.toggle_filmstrip, "full_screen": inside.wishes.toggle_full_screen,
        "sharpen": do.sharpen, "sharpen_elsewhere": do.sharpen_elsewhere, "run_again": do.run_again,
        "stop": inside.wishes.escape, "sharpen_all": do.sharpen_all, "pause_queue": commands.toggle_queue,
        "preview": commands.toggle_previews, "stop_all": do.stop_all, "what_leaves": do.show_outgoing, "cloud_runs": dialogs.show_cloud_runs,
        "up": commands.view_up, "three_up": commands.three_up, "four_up": commands.four_up,
        "blind_test": commands.begin_blind, "second_window": do.toggle_second,
        "keys": inside.wishes.show_keys, "about": inside.wishes.show_about,
    }  # fmt: skip
    for name, wish in wishes.items():
        actions[name].triggered.connect(wish)


def connect_canvas(inside: "Interior", do: Controller) -> None:
    """Connect the canvas and the bar over it."""
    canvas, compare = inside.canvas, inside.compare
    canvas.zoom_changed.connect(inside.show_zoom)
    canvas.pointed.connect(inside.status.show_pixel)
    canvas.side_wanted.connect(do.choose_side)
    canvas.before_wanted.connect(do.show_before)
    canvas.turn_wanted.connect(do.turn_view)
    canvas.view_wanted.connect(inside.commands.choose_view)
    canvas.photo_step_wanted.connect(do.step_photo)
    canvas.full_screen_wanted.connect(inside.wishes.toggle_full_screen)
    canvas.close_wanted.connect(do.close_photo)
    canvas.swap_wanted.connect(do.swap_sides)
    canvas.new_before_wanted.connect(do.make_shown_before)
    canvas.variant_step_wanted.connect(do.step_variant)
    canvas.blind_answered.connect(do.answer_blind)
    inside.blind_bar.answered.connect(do.answer_blind)
    inside.blind_bar.again_wanted.connect(inside.commands.begin_blind)
    inside.blind_bar.end_wanted.connect(do.end_blind)
    canvas.background_wanted.connect(inside.commands.next_background)
    canvas.navigator_wanted.connect(inside.commands.toggle_navigator)
    canvas.chips.file_wanted.connect(do.choose_side_file)
    canvas.seen_changed.connect(inside.navigator.show_seen)
    canvas.seen_changed.connect(inside.commands.look_at)
    canvas.seen_changed.connect(inside.commands.see)
    canvas.overlay_wanted.connect(do.step_overlay)
    inside.navigator.centre_wanted.connect(canvas.centre_on)
    inside.navigator.zoom_wanted.connect(canvas.zoom_by)
    compare.view_wanted.connect(inside.commands.choose_view)
    compare.zoom_box.zoom_wanted.connect(inside.commands.zoom_to)
    compare.zoom_box.fit_wanted.connect(canvas.fit)
    compare.gain.gain_wanted.connect(canvas.set_gain)


def connect_panels(inside: "Interior", do: Controller) -> None:
    """Connect both sides, the footer, the banner and the empty state."""
    _connect_settings(inside, do)
    _connect_painting(inside, do)
    _connect_footer(inside, do)
    variants = inside.variants
    variants.side_wanted.connect(do.choose_side)
    variants.save_wanted.connect(do.save_as)
    variants.dismiss_wanted.connect(do.dismiss_run)
    variants.stop_wanted.connect(do.stop)
    variants.settings_wanted.connect(do.use_settings)
    variants.rename_wanted.connect(do.rename_variant)
    variants.recipe_wanted.connect(inside.wishes.show_recipe)
    variants.file_wanted.connect(do.prepare_handout)
    variants.step_wanted.connect(do.go_to_step)
    variants.history_wanted.connect(inside.commands.show_history)
    variants.mend_wanted.connect(do.mend_variant)
    variants.delete_wanted.connect(do.delete_variant)
    inside.rail.unfold_wanted.connect(inside.wishes.unfold_left)
    inside.notices.dismissed.connect(do.dismiss_notice)
    inside.notices.wished.connect(inside.wishes.answer_notice)
    inside.empty.open_wanted.connect(do.choose_files)
    inside.empty.paste_wanted.connect(inside.wishes.paste)
    inside.empty.sample_wanted.connect(do.open_sample)


def _connect_settings(inside: "Interior", do: Controller) -> None:
    panel, commands = inside.panel, inside.commands
    panel.value_edited.connect(do.edit_setting)
    panel.edit_ended.connect(do.end_edit)
    panel.reset_wanted.connect(do.reset_setting)
    panel.reset_all_wanted.connect(do.reset_settings)
    panel.engine_wanted.connect(do.choose_engine)
    panel.key_given.connect(inside.wishes.give_key)
    panel.key_check_wanted.connect(do.check_key)
    panel.key_file_agreed.connect(commands.agree_to_key_file)
    panel.save_format_wanted.connect(commands.choose_save_format)
    panel.save_quality_wanted.connect(commands.choose_save_quality)
    panel.groups_opened.connect(commands.open_groups)


def _connect_painting(inside: "Interior", do: Controller) -> None:
    canvas, mix = inside.canvas, inside.panel.mix_tools
    canvas.tool_wanted.connect(do.choose_tool)
    canvas.brush_wanted.connect(do.change_brush)
    canvas.mask_wanted.connect(do.show_mask)
    canvas.painted.connect(do.paint)
    for tools in (inside.panel.subject_tools.brush, mix.brush):
        tools.tool_wanted.connect(do.choose_tool)
        tools.brush_wanted.connect(do.change_brush)
        tools.mask_wanted.connect(do.show_mask)
        tools.clear_wanted.connect(do.clear_strokes)
    mix.share_wanted.connect(do.mix)
    mix.share_ended.connect(do.end_edit)
    mix.base_wanted.connect(do.choose_mix_base)
    inside.panel.face_tools.faces_wanted.connect(do.show_faces)


def _connect_footer(inside: "Interior", do: Controller) -> None:
    footer = inside.footer
    footer.open_wanted.connect(do.choose_files)
    footer.run_wanted.connect(do.sharpen)
    footer.stop_wanted.connect(do.stop)
    footer.key_wanted.connect(inside.wishes.want_key)
    footer.limit_wanted.connect(inside.dialogs.show_preferences)
    footer.all_wanted.connect(do.sharpen_all)
    footer.again_wanted.connect(do.run_again)
    footer.outgoing_wanted.connect(do.show_outgoing)
    footer.money_wanted.connect(do.refresh_money)
    footer.previews_wanted.connect(do.set_previews)


def connect_strip(inside: "Interior", do: Controller) -> None:
    """Connect the filmstrip and the queue's buttons in it."""
    strip = inside.filmstrip
    strip.photo_wanted.connect(do.show_photo)
    strip.remove_wanted.connect(do.close_photo)
    strip.pause_wanted.connect(do.pause_queue)
    strip.resume_wanted.connect(do.resume_queue)
    strip.stop_all_wanted.connect(do.stop_all)
