"""One editor for each kind of schema field; an editor shows a value and tells of wishes."""
