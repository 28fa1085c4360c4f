"""Faults in the data of badges, and the traces by which pages without one are passed over."""

import pytest

from gateway.edge.ruling import label_data
from gateway.labels.badges import badges_of
from gateway.labels.shape import BadgeEntry, BadgesFile, NoticeEntry


def file_of(*, mark: str = "RTA", form: str = "2257 statement") -> BadgesFile:
    badge = BadgeEntry(scale="rta", mark=mark, hosts=("label.test",), pictures=("token",), announced_by=("labeled",))
    notice = NoticeEntry(scale="web", mark="adult", trace="2257", form=form)
    return BadgesFile(source="here", checked="2026-11-22", badges=(badge,), notices=(notice,))


def test_a_badge_has_the_mark_of_its_scale() -> None:
    badges = badges_of(file_of(), label_data().scales)
    assert badges.badges[0].mark.min_age == 18
    assert badges.notices[0].pattern.fullmatch("2257 statement")


def test_a_mark_that_no_scale_has_is_a_fault() -> None:
    with pytest.raises(ValueError, match="has no mark 'ATR'"):
        badges_of(file_of(mark="ATR"), label_data().scales)


def test_a_form_that_is_none_is_a_fault() -> None:
    with pytest.raises(ValueError, match="bracket"):
        badges_of(file_of(form="2257 (statement"), label_data().scales)


def test_a_trace_that_some_notices_lack_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no notice of the form"):
        badges_of(file_of(form="records statement"), label_data().scales)
