"""What decides the course of an answer: directives, lists in them, queues, and what of the answer is there already."""

import pytest

from fake_provider.directive import Script, answer_option
from fake_provider.testing import FakeHere
from fake_provider.tests.clients import ALL_WIRES, PREFILLS, Turn, ask, numbered, open_client

pytestmark = pytest.mark.asyncio(loop_scope="module")
WIRES = pytest.mark.parametrize("provider", ALL_WIRES)
STREAM = pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
ASKED = ("user", "hi [[tokens=14]]")
GO_ON = ("user", "Please go on exactly where you stopped.")
# What is written, and what is still to come of fourteen tokens.
WRITTEN = pytest.mark.parametrize(
    ("written", "rest"),
    [
        ("t0 t1 ", numbered(2, 14)),
        ("t0 t1", " " + numbered(2, 14)),
        (numbered(0, 12) + "t1", "2 t13 "),
        (numbered(0, 12) + "t12", " t13 "),
        (numbered(0, 12) + "t", "12 t13 "),
        ("t", "0 " + numbered(1, 14)),
        (numbered(0, 14), ""),
    ],
    ids=["whole-token", "space-missing", "half-a-number", "number-whole", "letter", "first-letter", "nothing-left"],
)


@pytest.fixture
def fake(running: FakeHere) -> FakeHere:
    running.app.clear()
    running.app.scripts.defaults = Script(tokens=4, rate=0, first=0)
    return running


@pytest.mark.parametrize("provider", PREFILLS)
@WRITTEN
async def test_a_prefill_is_continued_to_the_character(fake: FakeHere, provider: str, written: str, rest: str) -> None:
    streamed = await ask(fake, provider, ASKED, ("assistant", written))
    whole = await ask(fake, provider, ASKED, ("assistant", written), stream=False)
    assert streamed.text == whole.text == rest
    assert fake.entries[0].tokens_sent == streamed.tokens[1] == rest.count(" ")


@WIRES
@WRITTEN
async def test_a_request_in_words_is_continued_to_the_character(
    fake: FakeHere, provider: str, written: str, rest: str
) -> None:
    reply = await ask(fake, provider, ASKED, ("assistant", written), GO_ON)
    assert (reply.text, fake.entries[0].directive) == (rest, "tokens=14")


@WIRES
async def test_a_request_in_words_may_repeat_the_last_tokens(fake: FakeHere, provider: str) -> None:
    asked = ("user", "hi [[tokens=14 overlap=3 fault=length]]")
    reply = await ask(fake, provider, asked, ("assistant", numbered(0, 12) + "t1"), GO_ON)
    assert (reply.text, reply.tokens[1]) == (numbered(9, 14), 5)
    assert (await ask(fake, provider, asked, ("assistant", "t0 "), GO_ON)).text == numbered(0, 14)


@pytest.mark.parametrize(
    "turns",
    [
        (ASKED, ("assistant", "t0 t1 "), ("user", "And what is light?")),
        (ASKED, ("assistant", "t0 and no more."), GO_ON),
        (("user", "no directive"), ("assistant", "t0 t1 "), GO_ON),
        (("user", "Why continue?"),),
    ],
    ids=["another-question", "another-answer", "no-directive", "first-turn"],
)
async def test_an_ordinary_turn_is_answered_anew(fake: FakeHere, turns: tuple[Turn, ...]) -> None:
    assert (await ask(fake, "local", *turns)).text == numbered(0, 4)


async def test_a_prefill_of_other_text_is_answered_anew(fake: FakeHere) -> None:
    assert (await ask(fake, "local", "hi", ("assistant", "Well, "))).text == numbered(0, 4)


async def test_a_scripted_answer_is_continued_too(fake: FakeHere) -> None:
    asked = f"hi [[{answer_option('photosynthesis')}]]"
    assert (await ask(fake, "local", asked, ("assistant", "photo"))).text == "synthesis"


async def test_azure_answers_a_last_assistant_message_anew(fake: FakeHere) -> None:
    assert (await ask(fake, "azure_openai", "hi", ("assistant", "t0 "))).text == numbered(0, 4)


@pytest.mark.parametrize(("beta", "prefix"), [(False, False), (False, True), (True, False)])
async def test_deepseek_continues_only_a_prefix_of_its_beta(fake: FakeHere, beta: bool, prefix: bool) -> None:
    last = {"role": "assistant", "content": "t0 ", **({"prefix": True} if prefix else {})}
    url = f"{fake.url_of('deepseek')}{'/beta' if beta else ''}/chat/completions"
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}, last]}
    async with open_client() as client:
        response = await client.post(url, headers={"authorization": "Bearer k"}, json=body)
    assert response.status_code == 400
    assert "prefix mode on" in response.json()["error"]["message"]


@STREAM
async def test_a_fault_while_continuing_counts_tokens_of_its_own_request(fake: FakeHere, stream: bool) -> None:
    asked = ("user", "hi [[tokens=9 fault=filter at=3]]")
    reply = await ask(fake, "local", asked, ("assistant", "t0 t1 "), stream=stream)
    assert (reply.text, reply.tokens[1]) == (numbered(2, 5), 3)


async def test_a_list_of_faults_has_one_per_request_to_each_provider(fake: FakeHere) -> None:
    prompt = "hi [[fault=503,filter@2,none gemini.fault=404 azure_openai.tokens=1]]"
    local = [await ask(fake, "local", prompt) for _ in range(4)]
    assert [(reply.status, reply.text) for reply in local] == [
        (503, ""),
        (200, "t0 t1 "),
        (200, numbered(0, 4)),
        (200, numbered(0, 4)),
    ]
    assert [(await ask(fake, "gemini", prompt)).status for _ in range(2)] == [404, 404]
    azure = [await ask(fake, "azure_openai", prompt) for _ in range(3)]
    assert [reply.status for reply in azure] == [503, 200, 200]
    assert azure[2].text == "t0 "
    fake.app.clear()
    assert (await ask(fake, "local", prompt)).status == 503


async def test_a_continuation_is_a_further_request_with_its_prompt(fake: FakeHere) -> None:
    asked = ("user", "hi [[tokens=5 fault=filter@2,none]]")
    first = await ask(fake, "local", asked)
    rest = await ask(fake, "local", asked, ("assistant", first.text))
    assert (first.text, rest.text, rest.finish) == ("t0 t1 ", numbered(2, 5), "stop")


@WIRES
@STREAM
async def test_answers_can_be_scripted_one_per_request(fake: FakeHere, provider: str, stream: bool) -> None:
    first, second = '{"a": "ä\\"€\\n"}', "plain 😀 text"
    replies = [await ask(fake, provider, f"hi [[{answer_option(first, second)}]]", stream=stream) for _ in range(3)]
    assert [reply.text for reply in replies] == [first, second, second]
    assert replies[0].tokens[1] == 2


@pytest.mark.parametrize(
    ("directive", "said"),
    [
        ("fault=cut@x", "at=x: not a number"),
        ("fault=none,earthquake", "fault=earthquake: use none or one of "),
        ("openai.tokens=1", "openai.tokens: use one of local, "),
        ("answer=ä", "answer=ä: not a text in base64url"),
        ("local.speed=1", "speed is no option of a directive"),
        ("at=1.5", "at=1.5: not a number"),
    ],
)
async def test_a_directive_that_cannot_be_read_is_told(fake: FakeHere, directive: str, said: str) -> None:
    reply = await ask(fake, "local", f"hi [[{directive}]]")
    assert reply.status == 400
    assert reply.events[0]["error"]["message"].startswith(said)


async def test_queued_answers_serve_requests_without_a_directive(fake: FakeHere) -> None:
    fake.queue("one", "[[fault=503]]", "two")
    assert (await ask(fake, "local", "hi [[tokens=1]]")).text == "t0 "
    assert (await ask(fake, "gemini", "hi")).text == "one"
    assert (await ask(fake, "gemini", "hi")).status == 503
    assert (await ask(fake, "local", "hi")).text == "two"
    assert (await ask(fake, "local", "hi")).text == numbered(0, 4)


async def test_a_hook_can_answer_by_what_is_asked(fake: FakeHere) -> None:
    fake.app.scripts.hook = lambda entry: (
        Script(first=0, answer=f"to {entry.provider}") if "who" in str(entry.messages) else None
    )
    assert (await ask(fake, "deepseek", "who?")).text == "to deepseek"
    assert (await ask(fake, "deepseek", "hi")).text == numbered(0, 4)
