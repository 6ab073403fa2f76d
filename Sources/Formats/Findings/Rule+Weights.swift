/// Rules of tokenizers, and of weights and how they are stored.
extension Rule {
  static let tokenizer = [
    tokenizerMissing, mergesMissing, preTokenizerMissing, tokenTypesMissing, tokenCount,
    specialToken, tokenizerFileMissing, tokenizerFileUnreadable, tokenizerUnsaid,
    furtherToken,
  ]

  static let tokenizerMissing = Rule(
    "TOK001", .warning, [.llamaCpp: .error], "The GGUF file has no tokenizer",
    reason: "llama.cpp needs tokenizer.ggml.model and tokenizer.ggml.tokens to load it.",
    remedy: "Convert the original model again.", origin: "engines: keys left out one at a time")
  static let mergesMissing = Rule(
    "TOK002", .warning, [.llamaCpp: .error], "tokenizer.ggml.merges is missing",
    reason: "llama.cpp cannot load a byte-level BPE without it.",
    remedy: "Convert the original model again.", origin: "engines: keys left out one at a time")
  static let preTokenizerMissing = Rule(
    "TOK003", .warning, [.llamaCpp: .error], "tokenizer.ggml.pre is missing",
    reason: "llama.cpp splits text in its default way and gets other token ids, without an error.",
    remedy: "Set the key, such as qwen2.", origin: "engines: keys left out one at a time")
  static let tokenTypesMissing = Rule(
    "TOK004", .warning, [.llamaCpp: .error], "tokenizer.ggml.token_type is missing",
    reason: "llama.cpp takes special tokens for text and gets other token ids, without an error.",
    remedy: "Convert the original model again.", origin: "engines: keys left out one at a time")
  static let tokenCount = Rule(
    "TOK005", .error, "Tokens, their types and rows of the embedding differ in number",
    reason: "Tokens without a row crash an engine or read beyond the embedding.",
    remedy: "Convert the original model again.", origin: "names.md §6")
  static let specialToken = Rule(
    "TOK006", .error, "A special token's id is none of the vocabulary's",
    reason: "Generation does not stop, or an engine reads beyond the embedding.",
    remedy: "Correct the id.", origin: "names.md §6 and §7")
  static let tokenizerFileMissing = Rule(
    "TOK007", .warning, [.mlx: .error], "The directory has no tokenizer.json",
    reason: "mlx-lm needs it, others make do with older files or do without text.",
    remedy: "Get the file from the model's repository.",
    origin: "engines: files left out one at a time")
  static let tokenizerFileUnreadable = Rule(
    "TOK008", .error, "The tokenizer's files are broken, or do not fit the vocabulary",
    reason: "Engines refuse them, or make tokens that the embedding does not have.",
    remedy: "Get the tokenizer and the weights of one version.", origin: "names.md §8")
  static let tokenizerUnsaid = Rule(
    "TOK009", .note, "The tokenizer cannot go from GGUF to a directory, or back",
    reason:
      "`convert` knows byte-level BPE with some ways to split text, and refuses what would be "
      + "lost. The model itself can be whole, and converts where it stays on its side.",
    remedy:
      "Nothing needs to be done. To GGUF, `--pre NAME` says in which of llama.cpp's ways text is "
      + "split; to a directory, `--tokenizer-from DIR` copies a tokenizer.",
    origin: "names.md §8")

  static let furtherToken = Rule(
    "TOK010", .warning, "The id of a token with a further role is none of the vocabulary's",
    reason: "llama.cpp says so and takes its own default; what separates or fills in text is then "
      + "another token.",
    remedy: "Correct the id, or leave the key out.", origin: "names.md §8")

  static let awq = [
    awqParts, awqGroupSize, awqMember, awqCodes, awqZeroPoints, awqGroups, awqSizes, awqFused,
    awqScaleType, awqEmbeddings, awqUnconverted,
  ]

  static let awqParts = Rule(
    "AWQ001", .error, "qweight, qzeros and scales do not fit each other, or one is missing",
    reason: "The three are one weight; engines refuse it, or read it wrong.",
    remedy: "Get the model again, or quantize it anew.", origin: "layouts.md §4")
  static let awqGroupSize = Rule(
    "AWQ002", .error, "The group size of the configuration is not that of the scales",
    reason: "Engines go by the configuration, and give weights the scales of others.",
    remedy: "Correct group_size.", origin: "layouts.md §4")
  static let awqMember = Rule(
    "AWQ003", .warning, [.vllm: .error], "quantization_config lacks a member that vLLM needs",
    reason: "quant_method, bits, group_size and zero_point must be there.",
    remedy: "Add it: awq, 4, 128, true for what this program writes.",
    origin: "engines: members left out one at a time")
  static let awqCodes = Rule(
    "AWQ004", .note, "Codes are other than 7 and 9",
    reason: "1-bit weights are stored as 7 and 9 around the zero point 8. Other codes are right "
      + "for other models.",
    remedy: "Nothing needs to be done unless this is to be a 1-bit model.",
    origin: "layouts.md §4")
  static let awqZeroPoints = Rule(
    "AWQ005", .note, "Zero points are other than 8",
    reason: "1-bit weights have the zero point 8. Others are right for other models.",
    remedy: "Nothing needs to be done unless this is to be a 1-bit model.",
    origin: "layouts.md §4")
  static let awqGroups = Rule(
    "AWQ006", .warning, "Groups of weights are not ±d",
    reason: "The model is no 1-bit model in this tensor, or its codes are damaged: conversion to "
      + "1-bit layouts refuses it.",
    remedy: "Compare it with the original by `verify`.", origin: "layouts.md §4")
  static let awqSizes = Rule(
    "AWQ007", .note, [.vllm: .warning], "A weight's sizes are no multiples of 32",
    reason: "vLLM's kernels for CPUs want inputs and outputs in multiples of 32.",
    remedy: "Leave the weight dense, and name it in modules_to_not_convert.",
    origin: "engines, vLLM")
  static let awqFused = Rule(
    "AWQ008", .note, [.vllm: .error], "Of weights that engines join, only some are quantized",
    reason: "vLLM joins q, k, v and gate, up, and refuses a mixture: 'All shards of fused layers "
      + "to have the same precision'.",
    remedy: "Quantize all of them, or none.", origin: "names.md §2")
  static let awqScaleType = Rule(
    "AWQ009", .warning, "The scales are not F16",
    reason: "AutoAWQ's kernels take F16; what other types hold is rounded.",
    remedy: "Save the scales in F16 if their values allow it.", origin: "layouts.md §4")
  static let awqEmbeddings = Rule(
    "AWQ010", .note, [.vllm: .error], "The embedding or the output matrix is quantized",
    reason: "vLLM never quantizes embeddings, and the output matrix only where "
      + "quantization_config says \"lm_head\": true.",
    remedy: "Store them in F16.", origin: "layouts.md §4; vLLM's awq_marlin.py")

  static let awqUnconverted = Rule(
    "AWQ011", .note, [.vllm: .error], "modules_to_not_convert does not fit the weights",
    reason: "vLLM and SGLang look for codes in every linear layer that the list does not name, and "
      + "for dense weights in those that it does: a part of the module's name is enough.",
    remedy: "List just the modules that are dense.",
    origin: "names.md §3; vLLM's is_layer_skipped")

  static let mlx = [mlxParts, mlxVersion, mlxGroups, mlxSubnormals, mlxQuantization]

  static let mlxParts = Rule(
    "MLX001", .error, "weight, scales and biases do not fit each other or the configuration",
    reason: "The three are one weight; mlx-lm refuses it, or reads it wrong.",
    remedy: "Get weights and config.json of one version.", origin: "layouts.md §5")
  static let mlxVersion = Rule(
    "MLX002", nil, [.mlx: .note], "The weights have 1 bit",
    reason: "mlx takes that from 0.32.4 on; before, only PrismML's fork did.",
    remedy: "Use such a version.", origin: "engines; layouts.md §5")
  static let mlxGroups = Rule(
    "MLX003", .warning, "Groups of weights are not ±d",
    reason: "Their scale is not −2 times their bias: the model is no 1-bit model in this tensor, "
      + "or its scales are damaged. Conversion to other 1-bit layouts refuses it.",
    remedy: "Compare it with the original by `verify`.", origin: "layouts.md §5")
  static let mlxSubnormals = Rule(
    "MLX004", .note, "Scales miss −2 times the bias by the last bit of a subnormal",
    reason: "A published file has a few such groups, made from more precision than F16 keeps.",
    remedy: "Convert with --tolerate-subnormal.", origin: "layouts.md §6")
  static let mlxQuantization = Rule(
    "MLX005", .warning, [.mlx: .error], "config.json has quantization_config but no quantization",
    reason: "mlx-lm goes by quantization, and takes the other for a method of Hugging Face's.",
    remedy: "Repeat the object as quantization.", origin: "engines: members left out one at a time")

  static let weights = [
    nanScales, infiniteScales, zeroScales, negativeScales, subnormalScales, notFinite,
    severalMagnitudes, weightsNotRead, weightsApart,
  ]

  static let nanScales = Rule(
    "W001", .error, "Scales are NaN",
    reason: "Every weight of the group is NaN, and so is what the model computes. llama.cpp finds "
      + "it with --check-tensors only.",
    remedy: "The file is damaged, or the quantizer failed: get it again.",
    origin: "layouts.md §3 to §5; ggml's ggml_validate_row_data")
  static let infiniteScales = Rule(
    "W002", .error, "Scales are infinite",
    reason: "The weights were too large for F16: what the model computes is NaN.",
    remedy: "The file is damaged, or the quantizer failed: get it again.",
    origin: "layouts.md §3 to §5; ggml's ggml_validate_row_data")
  static let zeroScales = Rule(
    "W003", .note, "Scales are zero",
    reason: "Every weight of the group is 0. That can be right.",
    remedy: "Nothing needs to be done where they are few.", origin: "layouts.md §3, exactness.md")
  static let negativeScales = Rule(
    "W004", .note, "Scales are negative",
    reason: "The values are right. The same values have another form, so that files differ in "
      + "their bytes.",
    remedy: "Nothing needs to be done.", origin: "layouts.md §3, exactness.md")
  static let subnormalScales = Rule(
    "W005", .note, "Scales are subnormal",
    reason: "They have fewer bits than others, and engines that flush them make zeros of them.",
    remedy: "Nothing needs to be done where they are few.", origin: "layouts.md §6")
  static let notFinite = Rule(
    "W006", .error, "Dense weights are NaN or infinite",
    reason: "What the model computes is NaN. llama.cpp finds it with --check-tensors only.",
    remedy: "The file is damaged, or values were too large for their type: get it again.",
    origin: "layouts.md §2; ggml's ggml_validate_row_data")
  static let severalMagnitudes = Rule(
    "W007", .note, "Groups of 128 dense weights have more than one magnitude",
    reason: "The matrix has no exact 1-bit form, and conversion keeps it dense.",
    remedy: "Nothing needs to be done unless this is to be a 1-bit model.",
    origin: "layouts.md §2 and §3")
  static let weightsNotRead = Rule(
    "W008", .note, "The weights were not read",
    reason: "A file that zstd compressed without a seek table can only be read front to back, and "
      + "what lies behind the damage is out of reach.",
    remedy: "Get the file again, and validate that.", origin: "zstd.md §4")
  static let weightsApart = Rule(
    "W009", .note, "The parts of a weight were looked at one by one",
    reason: "A file that zstd compressed without a seek table goes by once, and codes, scales and "
      + "zero points or biases lie apart in it. Each was looked at, but not what they make "
      + "together.",
    remedy: "`unpack` the model, or `pack` it anew, and validate that.", origin: "zstd.md §4")
}
