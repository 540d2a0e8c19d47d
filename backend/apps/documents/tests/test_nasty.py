"""Nasty files are answered as they should be; `make nasty` sends all of them, and looks at time and memory."""

import asyncio

import pytest

from apps.core.errors import ApiError
from apps.documents.extraction.filenames import MAX_CHARACTERS, clean_filename
from apps.documents.tests.extracting import extracted
from apps.documents.tests.nasty.all_cases import GROUPS
from apps.documents.tests.nasty.case import Answer, Nasty
from apps.documents.tests.nasty.names import NAMES


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "names"])
async def test_each_has_a_right_answer(group: str) -> None:
    cases = [case for case in GROUPS[group] if not case.is_slow]
    answers = await asyncio.gather(*map(answered, cases))
    faults = {case.name: case.fault(answer) for case, answer in zip(cases, answers, strict=True)}
    assert {name: fault for name, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_is_a_path_or_hides_what_it_is(name: str) -> None:
    kept = clean_filename(name)
    assert 0 < len(kept) <= MAX_CHARACTERS
    assert kept.isprintable()
    assert not {"/", "\\"} & set(kept)


async def answered(case: Nasty) -> Answer:
    try:
        read = await extracted(case.make(), case.filename)
    except ApiError as error:
        return Answer(error.code)
    return Answer("", read.ended.page_count, [page.text for page in read.pages])
