"""The window's job without a window, over the same services. RULE: no Qt; what is told goes to standard error."""
