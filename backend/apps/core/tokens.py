"""How much of a model's window a text takes, without the model's tokenizer."""

BYTES_PER_TOKEN = 3  # English has 4 to 5; other scripts, code and formulas fewer, so this errs on the safe side


def tokens_estimate(text: str) -> int:
    """An upper estimate of the tokens in `text` for the languages that students write in."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)
