"""The files beside the weights are those that transformers, tokenizers and AutoAWQ wrote."""

import json

from gguf import GGUFReader
from tokenizers import Tokenizer

from support import FIXTURES, MODELS, SAMPLE
from tokenizer_check import differences


def check_tokenizer_gives_the_same_ids(tool):
    for model in MODELS:
        ours = Tokenizer.from_file(str(tool.converted(model) / "tokenizer.json"))
        theirs = Tokenizer.from_file(str(FIXTURES / model / "awq" / "tokenizer.json"))
        found = list(differences(ours, theirs))
        assert not found, found[:5]


def check_tokenizer_of_the_sample(tool):
    tokenizer = Tokenizer.from_file(str(tool.converted(SAMPLE) / "tokenizer.json"))
    text = "<|im_start|>user\nTwo words, 12 é 你 \U0010ffff<|im_end|>\n"
    ids = tokenizer.encode(text).ids
    assert tokenizer.decode(ids, skip_special_tokens=False) == text
    assert tokenizer.token_to_id("<|im_start|>") in ids


def check_json_files(tool):
    # No documented difference is visible in these: the fixtures' keys all have a place in a GGUF.
    names = ["config.json", "generation_config.json", "tokenizer_config.json",
             "special_tokens_map.json", "added_tokens.json", "vocab.json"]
    for model in MODELS:
        for name in names:
            ours = json.loads((tool.converted(model) / name).read_text(encoding="utf-8"))
            theirs = json.loads(
                (FIXTURES / model / "awq" / name).read_text(encoding="utf-8"))
            assert ours == theirs, (model, name)
            assert list(ours) == list(theirs), (model, name, "order")


def check_chat_template(tool):
    for model in [*MODELS, SAMPLE]:
        config = json.loads(
            (tool.converted(model) / "tokenizer_config.json").read_text(encoding="utf-8"))
        reader = GGUFReader(tool.source(model))
        stored = bytes(reader.fields["tokenizer.chat_template"].parts[-1])
        assert config["chat_template"].encode() == stored


def check_model_card(tool):
    card = (tool.converted("micro") / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\n") and "\n---\n" in card
    # What is text and not Markdown is escaped.
    assert "are equal, sign by sign" in card.replace("\\", "")
