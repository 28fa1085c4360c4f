"""One place of the lattice: a choice of everything but the page and the age."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.proof.alike import Spot
from gateway.proof.axis import PLAIN, Value


@dataclass(frozen=True, slots=True)
class Scene:
    """A place of the lattice: a value for each axis."""

    where: Value
    when: Value = PLAIN
    does: Value = PLAIN
    kind: Value = PLAIN
    topic: Value = PLAIN
    exempt: Value = PLAIN

    @property
    def values(self) -> tuple[Value, ...]:
        return (self.where, self.when, self.does, self.kind, self.topic, self.exempt)

    @property
    def words(self) -> str:
        """What is not plain about it, for a person to read."""
        topic = self.topic.words
        if self.kind.words:  # "listed as forum and under games"
            topic = topic.replace("listed", "and", 1)
        told = (self.does.words, self.kind.words, topic, self.exempt.words, self.where.words, self.when.words)
        return " ".join(words for words in told if words)

    def plainer(self, plain: "Scene") -> Iterator["Scene"]:
        """The same scene with one of its values as in `plain`."""
        for axis in ("when", "does", "exempt", "topic", "kind", "where"):
            if getattr(self, axis) != getattr(plain, axis):
                yield replace(self, **{axis: getattr(plain, axis)})


def place_of(spot: Spot, words: str = "") -> Value:
    """The value of the axis `where` for a spot; `words` tell it."""
    host = f"[{spot.host}]" if ":" in spot.host else spot.host
    return Value(words or f"on {spot.host}{spot.path.rstrip('/')}", {"url": f"https://{host}{spot.path}"})
