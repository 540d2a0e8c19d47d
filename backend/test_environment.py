"""The one rule of settings, first on the specification's own block, word for word."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environment import PLACEHOLDER_SECRET, REPOSITORY, ConfigurationError, Environment
from tests.specification import ENV_BLOCK

# What a value may hold between its ends: anything printable that does not begin a comment.
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#'\"\\,"), min_size=1).filter(
    lambda word: word != "..."
)


def load(file: Path, content: str = "", **process: str) -> Environment:
    file.write_text(content)
    return Environment.load({"LAMLA_ENV_FILE": str(file), **process})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_the_example_file_begins_with_the_block_of_the_specification() -> None:
    assert (REPOSITORY / ".env.example").read_text().startswith(ENV_BLOCK)


@pytest.mark.parametrize("content", [ENV_BLOCK, ENV_BLOCK.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_the_block_of_the_specification_is_read_as_it_is_meant(file: Path, content: str) -> None:
    env = load(file, content)
    unset = ("SECRET_KEY", "AZURE_OPENAI_API_KEY", "DEEPSEEK_API_KEY", "GEMINI_API_KEY")
    assert [env.text(name) for name in unset] == [""] * 4
    assert env.text("FASTAPI_BASE_URL") == "http://localhost:8001"
    assert env.secrets("FASTAPI_SECRET", exposed=False) == [PLACEHOLDER_SECRET]
    assert env.integer("FASTAPI_PORT", 0) == 8001
    assert env.integer("FASTAPI_WORKERS", 0) == 4
    assert env.flag("FASTAPI_RELOAD", default=True) is False
    assert env.items("CORS_ALLOWED_ORIGINS") == ["http://localhost:3000"]
    assert env.items("FASTAPI_ALLOWED_ORIGINS") == ["http://localhost:8000"]


def test_all_of_the_example_file_can_be_read_by_a_shell_too(file: Path) -> None:
    for line in (REPOSITORY / ".env.example").read_text().splitlines():
        _, _, value = line.partition(" #")[0].partition("=")
        assert line.startswith("#") or " " not in value


@pytest.mark.parametrize("written", ["", "...", "''", "   ", "... # yours"], ids=repr)
def test_an_empty_value_is_unset(file: Path, written: str) -> None:
    assert load(file, f"NAME={written}\n").text("NAME", "default") == "default"


def test_the_last_of_two_equal_names_counts(file: Path) -> None:
    assert load(file, "NAME=first\nNAME=last\n").text("NAME") == "last"


def test_a_dollar_sign_is_no_variable(file: Path) -> None:
    assert load(file, "NAME=a$HOME${HOME}\n").text("NAME") == "a$HOME${HOME}"


def test_without_a_file_the_environment_is_enough(tmp_path: Path) -> None:
    assert Environment.load({"LAMLA_ENV_FILE": str(tmp_path / "none"), "NAME": "value"}).text("NAME") == "value"


def test_an_empty_value_of_the_environment_does_not_hide_the_file(file: Path) -> None:
    assert load(file, "NAME=written\n", NAME="").text("NAME") == "written"
    assert load(file, "NAME=written\n", NAME="...").text("NAME") == "written"


@given(values=st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True), WORDS, max_size=5), comment=WORDS)
def test_what_is_written_is_read_back_without_its_comment(
    tmp_path_factory: pytest.TempPathFactory, values: Mapping[str, str], comment: str
) -> None:
    file = tmp_path_factory.mktemp("env") / ".env"
    env = load(file, "".join(f"{name}={value} # {comment}\n" for name, value in values.items()))
    assert {name: env.text(name) for name in values} == values


@given(written=WORDS, set_outside=WORDS)
def test_the_environment_wins_over_the_file(
    tmp_path_factory: pytest.TempPathFactory, written: str, set_outside: str
) -> None:
    file = tmp_path_factory.mktemp("env") / ".env"
    assert load(file, f"NAME={written}\n", NAME=set_outside).text("NAME") == set_outside


@given(entries=st.lists(st.one_of(WORDS, st.just(""), st.just("..."))))
def test_a_list_keeps_its_entries_in_order_without_the_empty_ones(entries: list[str]) -> None:
    expected = [entry for entry in entries if entry not in {"", "..."}]
    assert Environment({"LIST": " , ".join(entries)}).items("LIST") == expected


@given(number=st.integers(min_value=0, max_value=10**18 - 1))
def test_whole_numbers_are_read(number: int) -> None:
    assert Environment({"N": str(number)}).integer("N", 5) == number


@pytest.mark.parametrize("written", ["-1", "1.5", "many", "0x10", "²", "1_0", "--3", "9" * 5000])
def test_what_is_no_whole_number_names_its_variable(written: str) -> None:
    with pytest.raises(ConfigurationError, match=r"N is .*write a whole number of at least 0"):
        Environment({"N": written}).integer("N", 5)


@given(number=st.floats(min_value=0.001, allow_nan=False, allow_infinity=False))
def test_seconds_are_read(number: float) -> None:
    assert Environment({"S": str(number)}).seconds("S", 5) == number


@pytest.mark.parametrize("written", ["0", "-1", "inf", "nan", "soon"])
def test_what_is_no_time_names_its_variable(written: str) -> None:
    with pytest.raises(ConfigurationError, match=r"S is .*write a number of seconds above 0"):
        Environment({"S": written}).seconds("S", 5)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("YES", True),
        ("1", True),
        ("on", True),
        ("false", False),
        ("No", False),
        ("0", False),
        ("off", False),
    ],
)
def test_flags_are_read(written: str, *, meant: bool) -> None:
    assert Environment({"F": written}).flag("F", default=not meant) is meant


def test_what_is_no_flag_names_its_variable() -> None:
    with pytest.raises(ConfigurationError, match="F is 'maybe'; write true or false"):
        Environment({"F": "maybe"}).flag("F")


def test_no_secret_is_refused_with_the_way_to_make_one() -> None:
    with pytest.raises(ConfigurationError, match=r"FASTAPI_SECRET is not set.*token_urlsafe"):
        Environment({}).secrets("FASTAPI_SECRET", exposed=False)


def test_the_sample_secret_is_refused_where_others_reach_the_service() -> None:
    env = Environment({"FASTAPI_SECRET": f"good,{PLACEHOLDER_SECRET}"})
    assert env.secrets("FASTAPI_SECRET", exposed=False) == ["good", PLACEHOLDER_SECRET]
    with pytest.raises(ConfigurationError, match="the sample value that everybody knows"):
        env.secrets("FASTAPI_SECRET", exposed=True)
