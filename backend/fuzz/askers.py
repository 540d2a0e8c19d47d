"""Who asks each service while it is fuzzed: owners, strangers, programs with tokens, and one with a wrong secret."""

from fuzz.contract import Asker
from fuzz.site import WORKER_HEADERS
from tests.owner import Owner, make_owner
from tests.stack import Stack
from tests.streams import csrf


def gateway_askers(stack: Stack) -> list[Asker]:
    user, guest = make_owner(stack, email="fuzzed@example.org"), make_owner(stack)
    programs = [_program(user, scopes) for scopes in (["read"], ["read", "chat"])]
    return [_browser(user), _browser(guest), *programs, Asker(ids=user.ids)]


def worker_askers() -> list[Asker]:
    # The first of them reads the document.
    return [*[Asker(headers=WORKER_HEADERS)] * 4, Asker(headers={"X-Internal-Secret": "wrong"})]


def _browser(owner: Owner) -> Asker:
    cookies = {name: value for name, value in owner.client.cookies.items() if value}
    return Asker(headers=csrf(owner.client), cookies=cookies, ids=owner.ids)


def _program(owner: Owner, scopes: list[str]) -> Asker:
    body = {"name": " and ".join(scopes), "scopes": scopes}
    made = owner.client.post("/api/account/tokens/", json=body, headers=csrf(owner.client)).raise_for_status()
    return Asker(headers={"Authorization": f"Bearer {made.json()['token']}"}, ids=owner.ids)
