/// Rules of what a model says about itself: config.json, or the keys of a GGUF file.
extension Rule {
  static let config = configDocument + configTensors + configEngines

  private static let configDocument = [
    configMissing, configUnreadable, configMember, configUnsupported, ropeBase, vocabularySize,
    tying, tiedOutput,
  ]

  static let configMissing = Rule(
    "CFG001", .error, "The directory has no config.json",
    reason: "It says what model it is; no engine loads the directory without it.",
    remedy: "Get the file from the model's repository.", origin: "names.md §7")
  static let configUnreadable = Rule(
    "CFG002", .error, "config.json, or a document beside it, is no JSON object",
    reason: "No engine loads the directory.", remedy: "Get the file again.",
    origin: "names.md §7")
  static let configMember = Rule(
    "CFG003", .error, "A member or key is missing, or its value cannot be",
    reason: "The model's shape follows from it: engines fail, or take a default that is wrong. "
      + "Tensors are not compared with a shape that is not known.",
    remedy: "Set it as the original model has it.", origin: "names.md §6 and §7; engines")
  static let configUnsupported = Rule(
    "CFG004", .note, "The architecture, or its rope scaling, is not known to this program",
    reason: "Names and shapes of its tensors are not compared with the configuration.",
    remedy: "Nothing needs to be done.", origin: "names.md §6")
  static let ropeBase = Rule(
    "CFG005", .warning, [.llamaCpp: .error], "The base of the rotary embedding is missing",
    reason: "llama.cpp takes 10000 without a word, and the model answers nonsense.",
    remedy: "Set rope.freq_base or rope_theta as the original model has it.",
    origin: "engines: keys left out one at a time")
  static let vocabularySize = Rule(
    "CFG006", .error, "The vocabulary's size is not that of the embedding",
    reason: "Engines make the embedding from the one and load the other into it.",
    remedy: "Correct vocab_size, or get weights and configuration of one version.",
    origin: "names.md §6 and §7")
  static let tying = Rule(
    "CFG007", .error, "There is no output matrix, and the configuration does not tie it",
    reason: "Engines make up an output matrix, and the model answers nonsense.",
    remedy: "Set tie_word_embeddings to true, or get the missing weights.",
    origin: "names.md §7")
  static let tiedOutput = Rule(
    "CFG008", .note, "The configuration ties the output matrix, and one is stored",
    reason: "transformers and mlx-lm ignore it, llama.cpp's converter keeps it. Nothing is wrong "
      + "as long as it equals the embedding.",
    remedy: "`convert` leaves it out where it is equal.", origin: "inspect.md, warning tying")

  private static let configTensors = [
    unknownTensor, layerBeyond, tensorShape, tensorMissing, quantizationMethod,
    quantizationUnsaid,
  ]

  static let unknownTensor = Rule(
    "CFG009", .warning, [.llamaCpp: .error], "The architecture has no tensor of this name",
    reason: "llama.cpp refuses a file with a tensor that it does not use ('wrong number of "
      + "tensors'); others leave it out.",
    remedy: "Remove the tensor where the model is made.",
    origin: "names.md §6; llama.cpp, done_getting_tensors")
  static let layerBeyond = Rule(
    "CFG010", .error, "A tensor belongs to a layer beyond the last",
    reason: "The number of layers is wrong, or weights of another model are among these.",
    remedy: "Get weights and configuration of one version.", origin: "names.md §6")
  static let tensorShape = Rule(
    "CFG011", .error, "A tensor's shape is not what the configuration says",
    reason: "Engines refuse the model, or read the weights wrong.",
    remedy: "Get weights and configuration of one version.", origin: "names.md §6")
  static let tensorMissing = Rule(
    "CFG012", .error, "A tensor is missing",
    reason: "llama.cpp refuses the model; transformers makes up random weights.",
    remedy: "Get the model again: a shard or a conversion was left unfinished.",
    origin: "names.md §6")
  static let quantizationMethod = Rule(
    "CFG013", .warning, "The weights are quantized in a way that this program does not know",
    reason: "What is in the arrays is not checked, and conversion refuses them.",
    remedy: "Known are AWQ of version gemm, 4 bits and zero points, and MLX in mode affine.",
    origin: "layouts.md §4 and §5")
  static let quantizationUnsaid = Rule(
    "CFG014", .error,
    "config.json does not say, or says wrongly, how the weights are quantized",
    reason: "Engines take the packed words for weights, or miss the weights.",
    remedy: "Add quantization_config (AWQ) or quantization (MLX) as the tool wrote it.",
    origin: "layouts.md §4 and §5")

  private static let configEngines = [
    engineLayout, architectures, modelType, mlxMember, bfloat16Scales, samplingValue, weightType,
  ]

  static let engineLayout = Rule(
    "CFG015", .error, "The engine does not read this layout, or computes other values from it",
    reason: "It is asked for by --profile. llama.cpp reads GGUF; transformers directories, but no "
      + "1-bit MLX and no Q1_0; vLLM directories of F16 and AWQ; MLX directories of F16 and MLX "
      + "(mx.load gives nothing for Q1_0, and 4-bit AWQ weights are rounded).",
    remedy: "`convert --to` makes what the engine takes.",
    origin: "engines, what they took; users' reports; layouts.md §4 (rounding by mlx-lm)")
  static let architectures = Rule(
    "CFG016", .note, [.vllm: .error], "config.json has no architectures, or no list of names",
    reason: "vLLM then takes the model for one without an output matrix and generates nothing.",
    remedy: "Add it, such as [\"Qwen3ForCausalLM\"].",
    origin: "engines: members left out one at a time")
  static let modelType = Rule(
    "CFG017", .warning, [.transformers: .error, .vllm: .error, .mlx: .error],
    "config.json has no model_type, or not that of its class",
    reason: "transformers, and what builds on it, and mlx-lm find the model's class by it.",
    remedy: "Add it, such as \"qwen3\".", origin: "engines: members left out one at a time")
  static let mlxMember = Rule(
    "CFG018", nil, [.mlx: .error], "config.json lacks a member that mlx-lm needs",
    reason: "mlx-lm has no defaults for it and ends with an error.",
    remedy: "Add it as the original model has it.",
    origin: "engines: members left out one at a time")
  static let bfloat16Scales = Rule(
    "CFG019", .note, [.vllm: .warning], "config.json asks for bfloat16, the scales are F16",
    reason: "vLLM rounds the scales to bfloat16 while loading: the weights are off by up to 0.4 % "
      + "and no longer the model's own.",
    remedy: "Serve with --dtype float16, or set torch_dtype to float16.",
    origin: "engines; layouts.md §4")
  static let samplingValue = Rule(
    "CFG020", .warning, "A value of how to sample is of the wrong type, or cannot be",
    reason:
      "It is a default for whoever generates text: engines fail on it or make other text than "
      + "was meant, and `convert` refuses it between GGUF and directories.",
    remedy: "Correct it in generation_config.json, or the key general.sampling.* of the GGUF.",
    origin: "names.md §3 and §7")
  static let weightType = Rule(
    "CFG021", .warning, "A tensor of the architecture holds integers",
    reason: "Weights, biases and norms are floating-point numbers, or quantized in a way that the "
      + "format or config.json names; engines refuse others or read them wrong, and `convert` "
      + "refuses them.",
    remedy: "Get the model again, or convert the original model.", origin: "names.md §6")
}
