"""An HTTP/2 client by hand, which reads only when it is told to and says what no library would say."""

import socket
import ssl
import struct

import h2.config
import h2.connection
import h2.events
import h2.settings


class Http2:
    """One connection over TLS. `window`: what each stream may send us; 0 until `open_window`."""

    def __init__(self, stream: ssl.SSLSocket, host: str, window: int = 65_535) -> None:
        self.stream, self.host = stream, host
        config = h2.config.H2Configuration(header_encoding="utf-8", validate_outbound_headers=False)
        self.h2 = h2.connection.H2Connection(config)
        self.h2.initiate_connection()
        self.h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.flush()

    def flush(self) -> None:
        self.stream.sendall(self.h2.data_to_send())

    def ask(self, path: str, *, end: bool = True, send: bool = True) -> int:
        number = self.h2.get_next_available_stream_id()
        fields = [(":method", "GET"), (":scheme", "https"), (":authority", self.host), (":path", path)]
        self.h2.send_headers(number, fields, end_stream=end)
        if send:
            self.flush()
        return number

    def events(self, seconds: float = 1.0) -> list[h2.events.Event]:
        """What comes until it is quiet for `seconds`, or the end; a lost connection is a ConnectionTerminated."""
        self.stream.settimeout(seconds)
        found: list[h2.events.Event] = []
        try:
            while data := self.stream.recv(65_536):
                found += self.h2.receive_data(data)
                if out := self.h2.data_to_send():
                    self.stream.sendall(out)
            found.append(h2.events.ConnectionTerminated())
        except TimeoutError:
            pass
        except (OSError, ssl.SSLError):
            found.append(h2.events.ConnectionTerminated())
        return found

    def is_closed(self, seconds: float = 1.0) -> bool:
        return any(isinstance(event, h2.events.ConnectionTerminated) for event in self.events(seconds))


def frame(kind: int, payload: bytes, stream: int = 0) -> bytes:
    """RFC 9113, section 4.1."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, 0]) + struct.pack(">I", stream) + payload


def shove(stream: socket.socket, data: bytes, times: int) -> bool:
    """Sends `data` so many times; False when the peer has closed before."""
    try:
        for _ in range(times):
            stream.sendall(data)
    except OSError:
        return False
    return True
