"""RULE: one outside thing per module; foreign errors leave as SharpenError; no Qt."""
