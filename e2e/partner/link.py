"""One TCP connection that carries framed messages, in the clear or, from a moment on, inside TLS."""

import select
import socket
import ssl
import time

from .framing import FrameReader, frame


class Link:
    """Sends frames and waits for messages. A connection that is over gives None, whoever ended it and however."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._reader = FrameReader()
        self._waiting: list[bytes] = []
        self._is_over = False

    @classmethod
    def dial(cls, port: int, limit_seconds: float = 5.0) -> "Link":
        """Connects to a port of ::1."""
        return cls(socket.create_connection(("::1", port), timeout=limit_seconds))

    @property
    def is_over(self) -> bool:
        """Whether the other side has closed; known only after an attempt to receive."""
        return self._is_over and not self._waiting

    def send(self, message: bytes) -> None:
        """Sends one message in its frame."""
        self.send_octets(frame(message))

    def send_octets(self, octets: bytes) -> None:
        """Sends octets as they are, frame or not. What cannot be sent any more is lost, as on any network."""
        try:
            self._stream.sendall(octets)
        except (OSError, ssl.SSLError):
            self._is_over = True

    def receive(self, limit_seconds: float) -> bytes | None:
        """The next message, or None: nothing within the limit, or (see `is_over`) the end of the connection.

        What the other side has ended is ended on this side too, so that it holds no connection of the server.
        """
        ends_at = time.monotonic() + limit_seconds
        while not self._waiting and not self._is_over:
            left = ends_at - time.monotonic()
            if left < 0 or not self._is_readable(left):
                return None
            self._read_some()
        return self._waiting.pop(0) if self._waiting else None

    def _is_readable(self, limit_seconds: float) -> bool:
        if isinstance(self._stream, ssl.SSLSocket) and self._stream.pending() > 0:
            return True
        return bool(select.select([self._stream], [], [], limit_seconds)[0])

    def _read_some(self) -> None:
        try:
            octets = self._stream.recv(65_536)
        except ssl.SSLWantReadError:
            return
        except (OSError, ssl.SSLError):
            octets = b""
        if octets == b"":
            self.close()
        self._waiting += self._reader.feed(octets)

    def start_tls(self, context: ssl.SSLContext, server_side: bool) -> None:
        """The TLS handshake. Raises ssl.SSLError or OSError."""
        self._stream.settimeout(10)
        self._stream = context.wrap_socket(self._stream, server_side=server_side, do_handshake_on_connect=True)

    def peer_names(self) -> set[str]:
        """The names in the certificate of the other side."""
        if not isinstance(self._stream, ssl.SSLSocket):
            return set()
        certificate = self._stream.getpeercert() or {}
        names = {value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"}
        return names | {value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"}

    def close(self) -> None:
        """Closes without a word."""
        self._is_over = True
        self._stream.close()


class Listener:
    """The secondary's port, on which the primary is awaited."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_server(("::1", port), family=socket.AF_INET6, reuse_port=False)

    def accept(self, limit_seconds: float) -> Link | None:
        """The next connection, None when there is none within the limit."""
        self._socket.settimeout(limit_seconds)
        try:
            stream, _ = self._socket.accept()
        except TimeoutError:
            return None
        stream.settimeout(5)
        return Link(stream)

    def close(self) -> None:
        """Connections in the queue go with it."""
        self._socket.close()
