import httpx
import pytest

from fake_provider.testing import FakeHere, fake_provider_here


async def embed(fake: FakeHere, body: object) -> httpx.Response:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        return await client.post(f"{fake.base_url}/embeddings", json=body)


async def test_vectors_are_openais_and_near_where_words_are_shared() -> None:
    texts = ["Plants make sugar.", "A plant makes SUGAR", "Rome fell in 476.", ""]
    async with fake_provider_here() as fake:
        data = (await embed(fake, {"input": texts})).json()["data"]
        alone = (await embed(fake, {"input": texts[0]})).json()["data"]
    plants, plant, rome, nothing = (each["embedding"] for each in data)
    assert [each["index"] for each in data] == [0, 1, 2, 3]
    assert alone[0]["embedding"] == plants
    assert sum(a * b for a, b in zip(plants, plant, strict=True)) > 0.5
    assert sum(a * b for a, b in zip(plants, rome, strict=True)) < 0.3
    assert sum(number * number for number in nothing) == pytest.approx(1)


@pytest.mark.parametrize("body", [{}, [], {"input": 1}, {"input": [1]}])
async def test_a_request_without_texts_is_refused(body: object) -> None:
    async with fake_provider_here() as fake:
        assert (await embed(fake, body)).status_code == 400
