"""What a model is sent: marks, parts, schemas."""

import re

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fastapi_service.orchestration.fitting import tokens_estimate
from fastapi_service.providers.strict_schema import fits_strict_mode
from fastapi_service.study.batches import PASSAGES_SHARE, batches
from fastapi_service.study.drafts import CardDraft, QuizDraft, card_schema, quiz_schema, read_drafts
from fastapi_service.study.items import Sources
from fastapi_service.study.prompts import marked
from fastapi_service.tests.study.chapter import sources
from fastapi_service.tests.study.test_checks import card_draft, quiz_draft

PIECES = [*"<>/12 x", "passage", "PASSAGE", "ＰＡＳＳＡＧＥ", "passage1", "</passage2>", "</asked1>", "asked2"]
HOSTILE = st.lists(st.sampled_from(PIECES)).map("".join)


@given(st.lists(HOSTILE | st.text(), min_size=1, max_size=4))
def test_no_text_can_close_its_own_marks(texts: list[str]) -> None:
    material = marked([(str(number), text) for number, text in enumerate(texts)], done=texts)
    mark = re.match("<passage([0-9]+) ", material)
    assert mark
    assert len(re.findall(rf"</?passage{mark[1]}(?![0-9])", material, re.IGNORECASE)) == 2 * len(texts)
    assert len(re.findall(rf"</?asked{mark[1]}(?![0-9])", material, re.IGNORECASE)) == 2


@given(st.lists(st.text(max_size=3000), min_size=1, max_size=5), st.integers(400, 4000))
def test_all_of_the_text_is_dealt_out_in_parts_that_fit(texts: list[str], budget: int) -> None:
    named = [(str(number), text) for number, text in enumerate(texts)]
    dealt = batches(Sources(named), prompt_budget_tokens=budget)
    for batch in dealt:
        assert sum(tokens_estimate(text) for _, text in batch) <= budget * PASSAGES_SHARE + len(batch)
    for name, text in named:
        joined = "".join(part for batch in dealt for each, part in batch if each == name)
        assert joined.split() == text.split()


def test_a_chapter_is_cut_between_sentences() -> None:
    parts = [text for batch in batches(sources(), prompt_budget_tokens=1000) for _, text in batch]
    assert sum(text.rstrip().endswith((".", "!")) for text in parts) > 0.9 * len(parts)


def test_schemas_fit_strict_modes_and_drafts_fit_schemas() -> None:
    for schema, draft in ((quiz_schema(["cloze"]), quiz_draft("cloze")), (card_schema(["cloze"]), card_draft("cloze"))):
        assert fits_strict_mode(schema)
        Draft202012Validator(schema).validate({"items": [draft.model_dump()]})
        assert not Draft202012Validator(schema).is_valid({"items": [{**draft.model_dump(), "kind": "basic"}]})


def test_answers_are_read_item_by_item() -> None:
    good = card_draft("basic").model_dump_json()
    assert read_drafts(f'{{"items": [{good}, {{"front": 1}}, null]}}', CardDraft) == [card_draft("basic"), None, None]
    for broken in ("", "[]", "{", '{"items": {}}', '{"cards": []}', "NaN"):
        assert read_drafts(broken, QuizDraft) is None
