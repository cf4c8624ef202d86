"""A program that is a lender's own front end, and drafts that it holds for applicants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

from applying import bureau
from lender import facts
from people import person, send, with_key
from PIL import Image
from through_door import Client

from equipoise.service.contexts.feedback import tasks
from equipoise.service.platform.accounts.permissions import Role

ALL = "/v1/drafts"
STRAINED = {"score": 650.0, "dti": 0.4, "income": 800.0}
"""Who is declined for 8,000 by the corner lender's rule STRAINED, and made an offer for 7,500."""


@contextmanager
def listening(application: Any) -> Iterator[str]:
    """The service at an address of this machine's, for clients that speak HTTP; bodies are handed
    to it whole, as the door does."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    def whole(environ: Any, start: Any) -> Any:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        return application(environ, start)

    with make_server("127.0.0.1", 0, whole, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


def front() -> Client:
    """A program that acts for those before it."""
    return with_key(person(Role.ADMINISTRATOR), "applications.apply", rate=1e4, burst=10_000)[0]


def begun(program: Client, product: str = "corner") -> dict[str, Any]:
    """A draft as it is told."""
    answer = send(program, "POST", ALL, {"product": product, "language": "en"})
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def offered(program: Client, draft: str) -> dict[str, Any]:
    """The first of its offers."""
    answer = program.get(f"{ALL}/{draft}/offers")
    assert answer.status_code == 200, answer.content
    first: dict[str, Any] = answer.json()["offers"][0]
    return first


def takeable(program: Client, draft: str) -> str:
    """The name of the first way to another answer that can be taken."""
    answer = program.get(f"{ALL}/{draft}/decline")
    assert answer.status_code == 200, answer.content
    return next(str(each["name"]) for each in answer.json()["ways"] if each["takeable"])


def accepted(program: Client, draft: str, seen: str) -> dict[str, Any]:
    """What is read before it is signed."""
    answer = send(program, "POST", f"{ALL}/{draft}/acceptance", {"seen": seen})
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def brought(
    program: Client, draft: str, content: bytes, kind: str = "image/jpeg", **more: str
) -> Any:
    """The answer to a document that is brought as it is, `name` its file's, `about` something."""
    at = f"{ALL}/{draft}/papers" + (f"?about={more['about']}" if "about" in more else "")
    said = f"attachment; filename*=UTF-8''{quote(more.get('name', 'payslip.jpg'))}"
    return program.generic("POST", at, content, kind, headers={"Content-Disposition": said})


def photo() -> bytes:
    """A picture that is taken."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "JPEG", comment=b"taken at home")
    return out.getvalue()


def unclear(program: Client, draft: str) -> str:
    """What is unclear in it."""
    [row] = program.get(f"{ALL}/{draft}/unclear").json()
    return str(row["id"])


def asked_how_it_went(program: Client) -> str:
    """A draft whose applicant is asked how it went."""
    draft = completed(program, more=("asking_back",))
    tasks.ask_how_it_went.func()
    return draft


def completed(
    program: Client,
    sick: str = "no",
    more: tuple[str, ...] = (),
    email: str = "ada@example.com",
    **known: Any,
) -> str:
    """A draft of the corner lender's that was sent; whatever is not asked, the lender knows. Its
    applicant is `sick`, which leaves something unclear, or not, and agreed to what is needed and
    `more`."""
    draft: str = begun(program)["id"]
    bodies: tuple[tuple[str, Any], ...] = (
        ("answers", {"answers": {"on_sick_leave": sick}}),
        ("contact", {"email": email}),
        ("consents", {"purposes": ["decision", "sources", *more]}),
        ("send", {}),
    )
    with bureau(**facts(**known)):
        for what, body in bodies:
            answer = send(program, "POST", f"{ALL}/{draft}/{what}", body)
            assert answer.status_code == 200, answer.content
    return draft
