"""RULE: Qt only; shows state, tells of wishes; no network, no Pillow, no picture maths."""
