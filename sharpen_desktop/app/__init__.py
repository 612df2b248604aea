"""RULE: what the user can do; no Qt; services only through the protocols in ports."""
