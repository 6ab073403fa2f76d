#!/usr/bin/env python3
"""Do two tokenizer.json files turn the same hard texts into the same ids, and back?

usage: tokenizer_check.py A/tokenizer.json B/tokenizer.json

Exit status: 0 when they agree, 1 on any difference, 2 on wrong usage. Needs `tokenizers`.
"""

import json
import random
import sys

from tokenizers import Tokenizer

TEXTS = [
    "",
    " ",
    "Hello, world! It's 12:34; we'll see what they've done, I'm sure you'd agree.",
    "IT'S WE'LL THEY'VE I'M YOU'D",
    "  leading, trailing  \n\n\tand   inner \r\n  runs\u00a0of\u2003spaces\u3000 ",
    "0123456789 3.14159 1e-06 ١٢٣ Ⅷ ½ ²",
    "def f(x):\n    return {'a': [x ** 2]}  # comment\n\n\n",
    "héllo wörld",  # composed
    "he\u0301llo wo\u0308rld",  # decomposed: NFC makes one of both
    "\u1e9b\u0323 \u0041\u030a\u0323 q\u0307\u0323 \u0958 \u2126",  # hard cases of NFC
    "क्षत्रिय สวัสดีครับ שָׁלוֹם עֲלֵיכֶם العَرَبِيَّة",  # combining marks
    "你好，世界！今天是2026年8月13日。こんにちは 한국어 각",
    "🎉👨‍👩‍👧‍👦🏳️‍🌈👍🏽 ❤️ \U0001f1e9\U0001f1ea",
    "\x00\x01\x07\x08\x0b\x0c\x1b\x7f\x80\x9f\u200b\u200e\u202e\ufeff\ufffd\uffff",
    "\U0010ffff\U000e0001\ue000",
    "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
    "<|endoftext|><|fim_prefix|>a<|fim_suffix|>b<|fim_middle|><|repo_name|><|file_sep|>",
    "<tool_call>{\"name\": \"f\"}</tool_call><tool_response></tool_response>",
    "<|im_start |> <|IM_START|> <|im_start|>x<|im_start|> [PAD464] [PAD511]",
    "a" * 3000,
    "".join("\n" + " " * width + "x" for width in range(80)),
]


def random_texts(count: int) -> list[str]:
    """Texts of characters from everywhere, surrogates left out; the same ones every time."""
    source = random.Random(20261123)
    ranges = [(0, 0x80), (0, 0x250), (0x300, 0x370), (0x900, 0xE00), (0x2000, 0x2100),
              (0x4E00, 0x5000), (0xE000, 0x10000), (0x1F000, 0x1FB00), (0, 0xD800)]
    texts = []
    for _ in range(count):
        low, high = source.choice(ranges)
        texts.append("".join(chr(source.randrange(low, high)) for _ in range(40)))
    return texts


def normal(tokenizer: Tokenizer, text: str) -> str:
    return tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text


def differences(a: Tokenizer, b: Tokenizer):
    if a.get_vocab(with_added_tokens=True) != b.get_vocab(with_added_tokens=True):
        yield "the vocabularies differ"
    merges = [json.loads(x.to_str())["model"]["merges"] for x in (a, b)]
    if merges[0] != merges[1]:
        yield "the merges differ"
    added = [{i: repr(t) for i, t in x.get_added_tokens_decoder().items()} for x in (a, b)]
    if added[0] != added[1]:
        yield "the added tokens differ"
    for text in TEXTS + random_texts(2000):
        # A small vocabulary has few merges, and would hide texts that are split at other places.
        pieces = [x.pre_tokenizer.pre_tokenize_str(normal(x, text)) for x in (a, b)]
        if pieces[0] != pieces[1]:
            yield f"pieces of {text[:60]!r}"
        for special in (True, False):
            left, right = (x.encode(text, add_special_tokens=special) for x in (a, b))
            if left.ids != right.ids:
                yield f"ids of {text[:60]!r}: {left.ids[:20]} and {right.ids[:20]}"
            if left.offsets != right.offsets:
                yield f"offsets of {text[:60]!r}"
        for skip in (True, False):
            ids = left.ids
            if a.decode(ids, skip_special_tokens=skip) != b.decode(ids, skip_special_tokens=skip):
                yield f"decoding of {text[:60]!r}, special tokens {'left out' if skip else 'kept'}"


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    found = list(differences(*(Tokenizer.from_file(path) for path in sys.argv[1:])))
    for line in found[:20]:
        print(line, file=sys.stderr)
    if found:
        print(f"{len(found)} differences", file=sys.stderr)
        return 1
    print("the tokenizers agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
