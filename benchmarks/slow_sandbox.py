"""A sandbox in which every reply takes 200 ms; prints its values as `ngrok-scim sandbox` does."""

import json
import time
from dataclasses import asdict
from threading import Event

from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.server import Sandbox

DELAY_S = 0.2


class SlowSandbox(Sandbox):
    """Answers each request late, and several at the same time."""

    def _respond(self, request: Request) -> Answer:
        time.sleep(DELAY_S)
        return super()._respond(request)


if __name__ == "__main__":
    with SlowSandbox(users=3) as sandbox:
        print(json.dumps(asdict(sandbox.values)), flush=True)
        Event().wait()
