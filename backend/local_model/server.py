"""The embedded model behind llama.cpp's own OpenAI-compatible server, in a process of its own.

Source: llama.cpp, tools/server, through the package xllamacpp.
"""

import os
import signal
import sys

import xllamacpp  # type: ignore[import-untyped]  # a compiled module without stubs

from environment import ConfigurationError
from listening import listen_error
from local_model.settings import LocalModelSettings, load_settings
from machine import wait_for_parent

CANNOT_START = 2
ANSWERS_AT_ONCE = 2
PROMPT_CACHE_MIB = 64
QUIET = 0  # llama.cpp's messages may quote what a client sent, and prompts must never get into a log
NO_ORIGIN = "http://origin.invalid"
# What the makers of SmolLM2 advise, and a little against its habit of repeating itself.
BUNDLED_TEMPERATURE = 0.2
BUNDLED_TOP_P = 0.9
BUNDLED_REPEAT_PENALTY = 1.1


def main() -> int:
    """Serve until told to stop; returns only where it cannot start."""
    parent = os.getppid()
    # llama.cpp would first finish the answers it is writing, for half a minute. There is nothing to lose or to save.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: os._exit(0))
    try:
        settings = load_settings()
        check_port(settings)
        server = start(settings)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    print(f"{settings.model} answers at {server.listening_address}/v1", file=sys.stderr, flush=True)
    wait_for_parent(parent)


def start(settings: LocalModelSettings) -> xllamacpp.Server:
    """Load the weights and listen; the server works in threads of its own. Raises: ConfigurationError."""
    try:
        return xllamacpp.Server(parameters(settings))
    except RuntimeError as error:
        raise ConfigurationError(
            f"The model in {settings.weights} cannot be loaded; it should be a .gguf file that llama.cpp can read, "
            f"and there must be memory for it."
        ) from error


def parameters(settings: LocalModelSettings) -> xllamacpp.CommonParams:
    """llama.cpp's parameters: loopback manners, no page, no view on slots (it shows prompts), few words."""
    params = xllamacpp.CommonParams()
    params.model.path = str(settings.weights)
    params.model_alias = {settings.model}
    params.hostnames = [settings.host]
    params.port = settings.port
    params.api_keys = [settings.api_key] if settings.api_key else []
    params.cors_origins = NO_ORIGIN  # else any web page that the user visits could use the model
    params.n_parallel = ANSWERS_AT_ONCE
    params.n_ctx = ANSWERS_AT_ONCE * settings.context_tokens
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_metrics = True
    params.verbosity = QUIET
    if settings.bundled:
        params.sampling.temp = BUNDLED_TEMPERATURE
        params.sampling.top_p = BUNDLED_TOP_P
        params.sampling.penalty_repeat = BUNDLED_REPEAT_PENALTY
    return params


def check_port(settings: LocalModelSettings) -> None:
    """Raises: ConfigurationError when the address cannot be listened on; llama.cpp would not say why it stops."""
    if error := listen_error(settings.host, settings.port):
        raise ConfigurationError(
            f"The embedded model cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            f"stop what uses it, or set LOCAL_LLM_PORT to another port."
        ) from error
