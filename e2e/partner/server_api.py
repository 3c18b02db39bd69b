"""The server under test as its operator sees it: API, log, process."""

import json
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from .endpoint import RELATIONSHIP
from .session import Unexpected


class ServerApi:
    """Asks the server's API, and reads its log from where it was when the scenario began."""

    def __init__(self, url: str, token: str, log_file: Path) -> None:
        self._url = f"{url}/api/v1"
        self._token = token
        self._log_file = log_file
        self._log_begins_at = log_file.stat().st_size

    def get(self, path: str) -> Any:
        """An answer, None for 404."""
        return self._ask(path, None)

    def state(self) -> str:
        """The state of the relationship, such as `normal`."""
        return str(self.get(f"/relationships/{RELATIONSHIP}")["state"])

    def lease(self, address: str) -> Any:
        """What the server has on record of an address, None for nothing."""
        return self.get(f"/leases/{address}")

    def declare_partner_down(self) -> None:
        """As an operator does it, having seen the state."""
        body = {"reason": "the scenario wants it", "seenState": self.state()}
        self._ask(f"/relationships/{RELATIONSHIP}/partner-down", body)

    def until_state(self, *states: str, limit_seconds: float = 8.0) -> str:
        """Waits for one of these states."""
        ends_at = time.monotonic() + limit_seconds
        while True:
            state = self.state()
            if state in states:
                return state
            if time.monotonic() > ends_at:
                raise Unexpected(f"the server is in {state} and not, within {limit_seconds} s, in {' or '.join(states)}")
            time.sleep(0.1)

    def log(self) -> str:
        """What the server has logged since the scenario began."""
        with self._log_file.open("rb") as log:
            log.seek(self._log_begins_at)
            return log.read().decode("utf-8", "replace")

    def expect_log(self, text: str, limit_seconds: float = 4.0) -> None:
        """Waits until a text stands in the log."""
        ends_at = time.monotonic() + limit_seconds
        while text not in self.log():
            if time.monotonic() > ends_at:
                raise Unexpected(f"{text!r} is not in the log of the server:\n{self.log()[-2000:]}")
            time.sleep(0.1)

    def _ask(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(
            self._url + path,
            None if body is None else json.dumps(body).encode(),
            {
                "authorization": f"Bearer {self._token}",
                "content-type": "application/json",
                "idempotency-key": str(uuid.uuid4()),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise Unexpected(f"the API answers {error.code} to {path}: {error.read().decode()}") from error
