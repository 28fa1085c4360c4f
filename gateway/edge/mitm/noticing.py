"""What an answer that was read or looked at teaches of its host (gateway.hosts.traffic). It never holds one up."""

from mitmproxy.http import HTTPFlow

from gateway.edge.gate import Gate
from gateway.edge.inquiry import Judged
from gateway.edge.mitm.forwarding import destination_of, is_part_of_page, is_worker
from gateway.edge.mitm.passage import Passage
from gateway.hosts.traffic import Served, served_of, signs_of
from gateway.labels.label import Status


def notice(gate: Gate, flow: HTTPFlow, passage: Passage, judged: Judged, *, is_page: bool, status: int) -> None:
    """Tells what the host of a flow has served. `is_page`: its body was read as a page's; `status`: the origin's.

    Never raises: what is not noticed is not learned.
    """
    try:
        if passage.url is not None and passage.inquiry is not None:
            served = _served(flow, passage, judged, is_page=is_page, status=status)
            reading = judged.inquiry.question.reading if judged.inquiry is not None else None
            signs = signs_of(reading) if served is Served.PAGE else None
            gate.sights.saw(passage.inquiry.question.profile.person, passage.url, served, signs)
    except Exception as fault:  # noqa: BLE001 - a verdict is never held up by what may be learned of it
        gate.fault("noticing", fault)


def notice_socket(gate: Gate, passage: Passage) -> None:
    """A WebSocket: what goes over it is looked at again and again, so its host is not one to pass."""
    if passage.url is not None and passage.inquiry is not None:
        gate.sights.saw(passage.inquiry.question.profile.person, passage.url, Served.TELLING)


def _served(flow: HTTPFlow, passage: Passage, judged: Judged, *, is_page: bool, status: int) -> Served:
    if not judged.passes or judged.masked is not None or is_worker(flow.request):
        return Served.TELLING
    reading = judged.inquiry.question.reading if judged.inquiry is not None else None
    labelled = reading is not None and reading.status is not Status.UNLABELLED
    if is_page and is_part_of_page(flow.request, passage.essence):
        return Served.TELLING if labelled else Served.NEUTRAL  # a picture in SVG, that anybody draws as one
    served = served_of(status, passage.essence, destination_of(flow.request))
    if is_page and served is not Served.ERROR:
        return Served.PAGE  # whatever the answer says of itself
    return Served.TELLING if labelled and not is_page else served
