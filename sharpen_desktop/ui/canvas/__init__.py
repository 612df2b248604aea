"""The comparer: the canvas, its divider and its side chips, over one shared view transform."""
