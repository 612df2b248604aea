"""RULE: arrays in, arrays out; numpy, scipy and OpenCV; no files but its own nets, no Qt, no network."""
