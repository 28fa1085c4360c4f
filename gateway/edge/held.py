"""What holds for people besides the policy, in memory: the grants that were given, the minutes used, and labels
that devices saw in live documents."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from gateway.decision.hours import page_of
from gateway.decision.question import Question
from gateway.document.url import Url
from gateway.edge.heard import Heard
from gateway.edge.tallies import Tallies
from gateway.labels.label import Label
from gateway.profiles.activity import Sign
from gateway.profiles.grant import Grant
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import with_grants

# Who was active, on which services, when (aware, in the person's zone) and by which sign.
Active = Callable[[str, tuple[str, ...], datetime, Sign], None]


class Held:
    """`on_active` is told of signs of activity that may still count; the minutes themselves count at once."""

    def __init__(self, minutes: Tallies, *, on_active: Active = lambda *_: None) -> None:
        self._minutes, self._on_active = minutes, on_active
        self.labels = Heard()
        self._grants: dict[str, Grant] = {}
        self._by_name: dict[str, tuple[Grant, ...]] = {}

    def profile_now(self, profile: Profile) -> Profile:
        """The profile with the grants that were given to its person, and what they have used."""
        if self._by_name:
            names = (profile.person, *profile.groups)
            own = dict.fromkeys(grant for name in names for grant in self._by_name.get(name, ()))
            profile = with_grants(profile, own)
        if profile.timetable.quotas:
            tallies = self._minutes.of(profile.person)
            profile = replace(profile, timetable=profile.timetable.with_tallies(tallies))
        return profile

    def heard(self, profile: Profile, url: Url, moment: datetime) -> tuple[Label, ...]:
        """The labels of the page that devices saw in the live document, as far as they bind the person."""
        return self.labels.of(profile.person, url, moment)

    def active(self, question: Question, moment: datetime, sign: Sign) -> None:
        """Counts a sign of activity on a page that passed."""
        timetable = question.profile.timetable
        if timetable.quotas:
            person, local = question.profile.person, moment.astimezone(timetable.zone)
            services = self._minutes.fresh(person, timetable.services_of(*page_of(question)), local)
            if services:
                self._minutes.count(person, services, local, sign)
                self._on_active(person, services, local, sign)

    def grants(self, moment: datetime) -> tuple[Grant, ...]:
        """Every grant that holds at `moment`, by when it ends."""
        held = [grant for grant in self._grants.values() if grant.until is None or moment < grant.until]
        return tuple(sorted(held, key=lambda grant: (grant.until is None, grant.until, grant.id)))

    def hold(self, grants: Iterable[Grant]) -> None:
        """Puts these in the place of all grants that are held."""
        self._grants = {grant.id: grant for grant in grants}
        by_name: dict[str, list[Grant]] = {}
        for grant in self._grants.values():
            for name in grant.people:
                by_name.setdefault(name, []).append(grant)
        self._by_name = {name: tuple(found) for name, found in by_name.items()}
