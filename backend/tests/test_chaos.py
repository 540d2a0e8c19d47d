"""The chaos kit, for a minute: everything is killed in turn, and its checker is shown what it must find."""

import asyncio
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from chaos.check import Promise, violations_of
from chaos.evidence import Glance, PromptEvidence, RoundEvidence, Screen, StoredGeneration, StoredMessage
from chaos.options import Options, read_options
from chaos.plan import Fault, plan_round
from chaos.record import Record, Round, done_file_of, file_of, read_record
from chaos.recovery import Request, Sighting, first_new_token_s, percentile, recovery_s
from chaos.rounds import RoundResult, play_round
from chaos.running import run
from chaos.site import running_site
from tests.streams import tokens

pytestmark = pytest.mark.waits

SEED = 20_251_125
# Fewer and shorter answers than the kit's own, so that rounds of all kinds fit into the suite.
SHORT = Options(prompts=10, answers_s=(3.5, 4.5), seed=SEED)


def play(options: Options, folder: Path) -> list[RoundResult]:
    """One round of each fault that is asked for, on one site."""
    with running_site(folder, options) as site:
        plans = [plan_round(options, seed=SEED, number=number) for number in range(len(options.faults))]
        return [asyncio.run(play_round(plan, site)) for plan in plans]


def tell(results: list[RoundResult]) -> str:
    """For who reads a failure: what was wrong, and how to see it again."""
    return "\n".join(Round.of(result).line(seed=SEED) for result in results)


def test_answers_finish_whatever_is_killed(tmp_path: Path) -> None:
    faults = (Fault.GATEWAY_KILLED_IN_POST, Fault.WORKER_KILLED, Fault.DATABASE_LOCKED)
    results = play(replace(SHORT, faults=faults), tmp_path)
    print(tell(results))
    assert [violation for result in results for violation in result.violations] == [], tell(results)
    assert sum(result.interrupted for result in results) >= 25
    assert {result.plan.fault for result in results} == set(faults)


@pytest.mark.long
def test_other_gateways_take_over_on_postgres(tmp_path: Path) -> None:
    shape = replace(SHORT, prompts=13, database="postgres", gateways=2, workers=2)
    results = play(replace(shape, faults=(Fault.GATEWAY_GONE, Fault.GATEWAY_FROZEN)), tmp_path)
    print(tell(results))
    assert [violation for result in results for violation in result.violations] == [], tell(results)
    assert sum(result.interrupted for result in results) >= 25
    prompts = [prompt for result in results for prompt in result.evidence.prompts]
    taken_over = [each for prompt in prompts for each in prompt.generations if each.epoch > 1]
    assert len(taken_over) >= 15


ANSWER = tokens(150)


def kept_round() -> RoundEvidence:
    """A round in which everything was kept: one prompt, two readers."""
    question = StoredMessage("q", None, "user", "complete", "the prompt", "1-0-0")
    answer = StoredMessage("a", "q", "assistant", "complete", ANSWER, None)
    prompt = PromptEvidence(
        name="1-0-0",
        answer=ANSWER,
        conversations=1,
        messages=[question, answer],
        generations=[StoredGeneration("g", "complete", 2, "one/1/2/3")],
        branch=deepcopy([question, answer]),
        running_at_end=False,
        screens=[Screen("who asked", ANSWER, "finish"), Screen("a second reader", ANSWER, "saved")],
        glances=[Glance(running=True, answers=[]), Glance(running=False, answers=[answer])],
        continued_from=[tokens(20), tokens(70)[:-2]],
    )
    return RoundEvidence(prompts=[prompt], owners={"one/1/2/3"}, unclosed=0)


Doctor = Callable[[RoundEvidence, PromptEvidence], object]


def lose_a_token(_: RoundEvidence, prompt: PromptEvidence) -> None:
    shorter = ANSWER.replace("t77 ", "")
    prompt.messages[1].text = prompt.branch[1].text = shorter
    prompt.screens = [Screen("who asked", shorter, "finish")]


def double_a_token(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages[1].text = prompt.messages[1].text.replace("t77 ", "t77 t77 ")


def swap_two_tokens(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages[1].text = prompt.messages[1].text.replace("t77 t78 ", "t78 t77 ")


def lose_the_last_space(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages[1].text = prompt.messages[1].text.rstrip()


def double_the_answer(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages.append(replace(prompt.messages[1], id="a2"))
    prompt.generations.append(replace(prompt.generations[0], id="g2"))


def double_the_question(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages.insert(0, replace(prompt.messages[0], id="q2"))
    prompt.conversations = 2


def lose_the_prompt(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.conversations, prompt.messages, prompt.generations, prompt.branch = 0, [], [], []


def leave_it_running(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.generations[0].state = "running"
    del prompt.messages[1], prompt.branch[1]


def leave_it_to_nobody(evidence: RoundEvidence, prompt: PromptEvidence) -> None:
    leave_it_running(evidence, prompt)
    evidence.owners.clear()


def fail_it(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages[1].state = prompt.generations[0].state = "failed"
    prompt.messages[1].error_code = "worker_unavailable"


def stop_it(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.messages[1].state = prompt.generations[0].state = "stopped"


def differ_in_state(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.generations[0].state = "failed"


def say_it_runs(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.running_at_end = True


def show_another_branch(_: RoundEvidence, prompt: PromptEvidence) -> None:
    del prompt.branch[1]


def show_half_of_it_as_whole(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.glances[1].answers[0] = replace(prompt.glances[1].answers[0], text=tokens(70))


def see_nothing_for_a_moment(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.glances.append(Glance(running=False, answers=[]))


def see_both_for_a_moment(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.glances[1].running = True


def show_a_reader_more(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.screens[0].text += "t149 "


def keep_a_reader_waiting(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.screens[1].ended = ""


def tell_a_reader_of_a_failure(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.screens[1].ended = "worker_unavailable"


def go_on_from_something_else(_: RoundEvidence, prompt: PromptEvidence) -> None:
    prompt.continued_from.append(tokens(20) + "t19 ")


def leave_a_socket_open(evidence: RoundEvidence, _: PromptEvidence) -> None:
    evidence.unclosed = 1


def lose_a_process(evidence: RoundEvidence, _: PromptEvidence) -> None:
    evidence.accidents.append("gateway-2 had ended")


@pytest.mark.parametrize(
    ("doctor", "promise"),
    [
        (lose_a_token, Promise.TOKEN_LOST),
        (double_a_token, Promise.TOKEN_DOUBLED),
        (swap_two_tokens, Promise.TEXT_WRONG),
        (lose_the_last_space, Promise.TEXT_WRONG),
        (double_the_answer, Promise.MESSAGE_DOUBLED),
        (double_the_question, Promise.MESSAGE_DOUBLED),
        (lose_the_prompt, Promise.PROMPT_LOST),
        (leave_it_running, Promise.STUCK),
        (leave_it_to_nobody, Promise.STUCK),
        (fail_it, Promise.FAILED),
        (stop_it, Promise.STATE_UNTRUE),
        (differ_in_state, Promise.STATE_UNTRUE),
        (say_it_runs, Promise.STATE_UNTRUE),
        (show_another_branch, Promise.STATE_UNTRUE),
        (show_half_of_it_as_whole, Promise.STATE_UNTRUE),
        (see_nothing_for_a_moment, Promise.STATE_UNTRUE),
        (see_both_for_a_moment, Promise.STATE_UNTRUE),
        (show_a_reader_more, Promise.READER_DIFFERS),
        (keep_a_reader_waiting, Promise.READER_UNFINISHED),
        (tell_a_reader_of_a_failure, Promise.FAILED),
        (go_on_from_something_else, Promise.CONTINUED_FALSELY),
        (leave_a_socket_open, Promise.NOT_CLOSED),
        (lose_a_process, Promise.ACCIDENT),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_the_checker_finds_what_is_wrong(doctor: Doctor, promise: Promise) -> None:
    evidence = kept_round()
    assert violations_of(evidence) == []
    doctor(evidence, evidence.prompts[0])
    assert promise in {violation.promise for violation in violations_of(evidence)}


def test_lost_and_doubled_tokens_are_counted() -> None:
    evidence = kept_round()
    evidence.prompts[0].messages[1].text = tokens(100) + tokens(10)
    counts = {each.promise: each.count for each in violations_of(evidence)}
    assert (counts[Promise.TOKEN_LOST], counts[Promise.TOKEN_DOUBLED]) == (50, 10)


def test_recovery_counts_only_tokens_from_after_the_fault() -> None:
    # Ten tokens were there at the kill; two more were still on their way, and come again from the next request.
    seen = [Sighting(9.0, 10), Sighting(10.1, 12), Sighting(12.5, 12), Sighting(12.6, 13)]
    requests = [Request(5.0, 5.1), Request(12.0, 12.4)]
    again = first_new_token_s(requests, interrupted_at=10.0)
    assert again == 12.4
    assert first_new_token_s(requests[:1], interrupted_at=10.0) == 10.0
    assert recovery_s(seen, interrupted_at=10.0, new_from=again) == pytest.approx(2.6)
    assert recovery_s(seen, interrupted_at=10.0, new_from=10.0) == pytest.approx(0.1)
    assert recovery_s(seen[:1], interrupted_at=10.0, new_from=again) is None
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0.5, 0.95)] == [2.0, 4.0]


@pytest.mark.parametrize("shape", [Options(), Options(database="postgres", gateways=3, workers=2)], ids=["one", "many"])
def test_a_plan_follows_from_its_seed_and_brings_every_fault(shape: Options) -> None:
    plans = [plan_round(shape, seed=5, number=number) for number in range(14)]
    assert plans == [plan_round(shape, seed=5, number=number) for number in range(14)]
    assert plans != [plan_round(shape, seed=6, number=number) for number in range(14)]
    ours = {Fault.GATEWAY_KILLED, Fault.WORKER_KILLED, Fault.PROVIDER_KILLED, Fault.GATEWAY_FROZEN, Fault.GATEWAY_ENDED}
    assert ours <= {plan.fault for plan in plans}
    assert all(len(plan.prompts) >= shape.prompts for plan in plans)


def test_a_run_goes_on_where_it_paused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = Options(runs=40, minutes=0, artifacts=tmp_path, seed=None)
    paused = Record(seed=7, rounds=[Round(0, Fault.WORKER_KILLED, 26, 25, [1.0, 2.0], 1.5, [], 12.0)])
    paused.write(file_of(options))
    assert run(replace(options, runs=25)) == 0  # there is enough already, so nothing is started
    assert "25 of 26 answers interrupted" in capsys.readouterr().out
    assert not file_of(options).exists()
    assert read_record(done_file_of(options, seed=7)) == paused


def test_a_broken_promise_and_a_late_recovery_end_a_run_with_1(tmp_path: Path) -> None:
    options = Options(runs=25, artifacts=tmp_path)
    wrong = [{"promise": "tokens lost", "prompt": "7-0-3", "what": "…", "count": 2}]
    for recovery, violations in (([1.0], wrong), ([9.0], [])):
        Record(7, [Round(0, Fault.WORKER_KILLED, 26, 25, recovery, None, violations, 12.0)]).write(file_of(options))
        assert run(options) == 1


def test_several_gateways_need_postgres(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["--gateways", "3"])
    assert "--database postgres" in capsys.readouterr().err
