"""RULE: arrays in, arrays out; numpy, scipy and OpenCV; no files, no Qt, no network."""
