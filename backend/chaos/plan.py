"""What happens in a round, from its seed alone: the prompts, their readers, the fault and its moment."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from chaos.options import Options


class Fault(StrEnum):
    GATEWAY_KILLED = "gateway-killed"  # and started again at once
    GATEWAY_KILLED_LATE = "gateway-killed-late"  # started again a while later
    GATEWAY_GONE = "gateway-gone"  # until the round is over: others take over
    GATEWAY_KILLED_IN_POST = "gateway-killed-in-post"  # while prompts are on their way
    GATEWAY_FROZEN = "gateway-frozen"  # SIGSTOP past its lease, then SIGCONT
    GATEWAY_ENDED = "gateway-ended"  # SIGTERM, then started again
    WORKER_KILLED = "worker-killed"
    WORKER_PROCESS_KILLED = "worker-process-killed"  # one of several
    PROVIDER_KILLED = "provider-killed"
    PROVIDER_CUT = "provider-cut"  # each answer breaks off at a token of its own
    DATABASE_LOCKED = "database-locked"
    DATABASE_CUT = "database-cut"  # every connection to it
    DATABASE_STOPPED = "database-stopped"  # and started again
    READERS_VANISHED = "readers-vanished"  # and come back


AT_A_GATEWAY = frozenset(fault for fault in Fault if fault.startswith("gateway"))


class Reading(StrEnum):
    """How who asked reads the answer."""

    ATTACHED = "attached"
    LEAVES = "leaves"  # before the fault, and comes back after it
    WHOLE = "whole"  # POST /api/chat/


@dataclass(frozen=True)
class PromptPlan:
    """`name` is its client_message_id. Gateways by their index; tokens are counted from the answer's start."""

    name: str
    message: str
    tokens: int
    starts_after_s: float
    gateway: int
    reading: Reading
    leaves_at_token: int
    returns_after_s: float  # after the fault
    sends_last_event_id: bool
    second_reader_at: int | None  # a gateway
    in_the_fault: bool = False  # sent in its very moment, not before


@dataclass(frozen=True)
class RoundPlan:
    """`pause_s`: from when all are in mid-answer to the fault; `lasts_s`: of the fault, where it has a duration."""

    seed: int
    number: int
    fault: Fault
    victim: int  # a gateway
    pause_s: float
    lasts_s: float
    prompts: tuple[PromptPlan, ...]

    @property
    def prefix(self) -> str:
        """What the names of its prompts begin with."""
        return f"{self.seed}-{self.number}-"


TOKENS = (120, 250)
# Answers begin one after the other in this part of the shortest one's time, so that all of them run at the fault.
STARTS_WITHIN = 0.25
# Some come back while the answer stands still, some when it goes on, with an event id of the time before.
RETURNS_WITHIN_SECONDS = 6.0
MID_ANSWER_TOKENS = 14  # above the 40 characters that are worth going on from
# Of several processes one is hit: enough of the answers must be running there.
PROMPTS_AT_OTHER_GATEWAYS = 6
TIMES_PROMPTS_OF_SEVERAL_WORKERS = 1.6
PROMPTS_IN_THE_FAULT = 6
OVERLAP_TOKENS = 8  # what a model says again when it is asked to go on: more than the seam's 16 characters


def faults_for(options: Options) -> list[Fault]:
    """Those that can happen to a site of this shape, or of these the ones asked for. Raises: ValueError for none."""
    unfit = {
        Fault.GATEWAY_GONE: options.gateways == 1,
        Fault.WORKER_PROCESS_KILLED: options.workers == 1,
        Fault.DATABASE_LOCKED: options.database != "sqlite",
        Fault.DATABASE_CUT: options.database != "postgres",
        Fault.DATABASE_STOPPED: options.database != "postgres",
    }
    found = [fault for fault in Fault if not unfit.get(fault) and (not options.faults or fault in options.faults)]
    if not found:
        raise ValueError(f"none of these can happen here: {', '.join(options.faults)}; there are {', '.join(Fault)}")
    return found


def dice(*seed: object) -> Random:
    """The same throws for the same seed."""
    return Random(":".join(map(str, seed)))  # noqa: S311  a plan is no secret


def plan_round(options: Options, *, seed: int, number: int) -> RoundPlan:
    """The same for the same seed, number and shape. Each fault comes once before one comes again."""
    faults = faults_for(options)
    turn, place = divmod(number, len(faults))
    dice(seed, "turn", turn).shuffle(faults)
    fault = faults[place]
    rng = dice(seed, number)
    victim = rng.randrange(options.gateways)
    gateways = _gateways_of_prompts(fault, options, victim=victim, rng=rng)
    prompts = [
        _plan_prompt(f"{seed}-{number}-{index}", fault, options, gateway=gateway, rng=rng)
        for index, gateway in enumerate(gateways)
    ]
    if fault == Fault.GATEWAY_KILLED_IN_POST:
        prompts += [
            _plan_prompt(f"{seed}-{number}-late{index}", fault, options, gateway=victim, rng=rng, in_the_fault=True)
            for index in range(PROMPTS_IN_THE_FAULT)
        ]
    return RoundPlan(
        seed=seed,
        number=number,
        fault=fault,
        victim=victim,
        pause_s=rng.uniform(0, 1.0),
        lasts_s=_duration_s(fault, options, rng),
        prompts=tuple(prompts),
    )


def _gateways_of_prompts(fault: Fault, options: Options, *, victim: int, rng: Random) -> list[int]:
    if options.gateways > 1 and fault in AT_A_GATEWAY:
        others = [index for index in range(options.gateways) if index != victim]
        return [victim] * options.prompts + [rng.choice(others) for _ in range(PROMPTS_AT_OTHER_GATEWAYS)]
    more = TIMES_PROMPTS_OF_SEVERAL_WORKERS if fault == Fault.WORKER_PROCESS_KILLED else 1
    count = round(options.prompts * more)
    return [rng.randrange(options.gateways) for _ in range(count)]


def _plan_prompt(
    name: str, fault: Fault, options: Options, *, gateway: int, rng: Random, in_the_fault: bool = False
) -> PromptPlan:
    tokens = rng.randint(*TOKENS)
    rate = tokens / rng.uniform(*options.answers_s)
    reading = rng.choices(list(Reading), weights=[5, 3, 2])[0]
    second_reader_at = rng.randrange(options.gateways) if rng.random() < 0.3 else None
    return PromptPlan(
        name=name,
        message=f"{name} [[tokens={tokens} rate={rate:.1f} first=0.1{_directives(fault, rng)}]]",
        tokens=tokens,
        starts_after_s=0 if in_the_fault else rng.uniform(0, options.answers_s[0] * STARTS_WITHIN),
        gateway=gateway,
        reading=Reading.ATTACHED if in_the_fault and reading == Reading.LEAVES else reading,
        leaves_at_token=rng.randint(1, MID_ANSWER_TOKENS),
        returns_after_s=rng.uniform(0, RETURNS_WITHIN_SECONDS),
        sends_last_event_id=rng.random() < 0.6,
        second_reader_at=None if reading == Reading.WHOLE else second_reader_at,
        in_the_fault=in_the_fault,
    )


def _directives(fault: Fault, rng: Random) -> str:
    overlap = f" overlap={OVERLAP_TOKENS}" if rng.random() < 0.2 else ""
    if fault != Fault.PROVIDER_CUT:
        return overlap
    first, second = rng.randint(MID_ANSWER_TOKENS, 80), rng.randint(1, 30)
    also_the_next = f" deepseek.fault=cut@{second},none" if rng.random() < 0.3 else ""
    return f"{overlap} local.fault=cut@{first},none{also_the_next}"


def _duration_s(fault: Fault, options: Options, rng: Random) -> float:
    match fault:
        case Fault.GATEWAY_FROZEN:
            return options.lease_s + rng.uniform(1, 2)
        case Fault.GATEWAY_KILLED_LATE:
            return rng.uniform(0.5, options.lease_s + 2)
        case Fault.DATABASE_LOCKED | Fault.DATABASE_STOPPED:
            return rng.uniform(1, 2)
        case Fault.PROVIDER_KILLED:
            return rng.uniform(0, 2)
        case Fault.READERS_VANISHED:
            return rng.uniform(0.2, 2)
        case Fault.GATEWAY_KILLED_IN_POST:
            return rng.uniform(0, 0.05)  # from the prompts' sending to the kill
        case _:
            return 0.0
