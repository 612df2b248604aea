"""RULE: values and pure functions; standard library only; no Qt, disk, network, clock or asyncio."""
