"""The fake service with a mood: it charges for what it does, takes its time, and fails at random from a seed.

    with PayingService(seed=7) as service:
        …  # use service.url
        assert len(service.charges) == …  # whatever the clients have heard

``moods`` says how often what goes wrong; ``injected`` counts what did. Answers take ``work_s`` (shortest,
longest), so that there is a moment between the request and its answer.
"""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from support import api_answers, api_downloads
from support.api_exchange import Answer, Exchange
from support.api_server import ApiServer

LARGE_BYTES, LARGE_IN = 1 << 20, 8
"""Bodies above that are read in so many portions."""

USUAL = MappingProxyType({"lost": 0.08, "gave_up": 0.06, "broken": 0.05, "busy": 0.08, "slow": 0.1})
"""Parts of the requests. Half of those that get lost or are given up have been charged."""

USUAL_DOWNLOADS = MappingProxyType({"cut": 0.15, "trickling": 0.2, "not_there_yet": 0.05})


class PayingService(ApiServer):
    """A fake service whose faults come from ``seed``."""

    def __init__(
        self,
        seed: int,
        moods: Mapping[str, float] = USUAL,
        downloads: Mapping[str, float] = USUAL_DOWNLOADS,
        work_s: tuple[float, float] = (0.02, 0.25),
    ) -> None:
        super().__init__()
        self.injected: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._moods, self._downloads, self._work_s = moods, downloads, work_s
        self.always = self._run
        self.always_deliver = self._deliver

    def _chance(self) -> float:
        with self._lock:
            return self._random.random()

    def _mood(self, moods: Mapping[str, float]) -> str:
        """Return what goes wrong now, empty for nothing, and count it."""
        chance = self._chance()
        for name, part in moods.items():
            if chance < part:
                self.injected[name] += 1
                return name
            chance -= part
        return ""

    def _run(self, exchange: Exchange) -> None:
        shortest, longest = self._work_s
        mood = self._mood(self._moods)
        self._read(exchange)
        self.closing.wait(shortest + (longest - shortest) * self._chance() * (4 if mood == "slow" else 1))
        answer = self._answers_of().get(mood, api_answers.sharpened())
        if mood in {"lost", "gave_up"} and self._chance() < 0.5:
            answer = api_answers.charged(answer)
        answer(exchange)

    def _read(self, exchange: Exchange) -> None:
        """Take the request, a large one slowly."""
        announced = int(exchange.request.headers.get("content-length", "0"))
        portions = LARGE_IN if announced > LARGE_BYTES else 1
        for portion in range(1, portions + 1):
            exchange.read_body(announced * portion // portions)
            if portion < portions:
                self.closing.wait(0.04)

    def _answers_of(self) -> dict[str, Answer]:
        return {
            "lost": api_answers.resets_after_body,
            "gave_up": api_answers.gave_up(),
            "broken": api_answers.broken(),
            "busy": api_answers.busy("1"),
            "refused": api_answers.refused_field(),
        }

    def _deliver(self, exchange: Exchange) -> None:
        answers: dict[str, Answer] = {
            "cut": api_downloads.cut_at(self._chance()),
            "trickling": api_downloads.trickling(0.3 * self._chance()),
            "not_there_yet": api_downloads.not_there_yet,
        }
        answers.get(self._mood(self._downloads), api_downloads.deliver)(exchange)
