/// Rules of the GGUF container: what its reader finds.
extension Rule {
  static let gguf = ggufHeader + ggufData + ggufModel

  private static let ggufHeader = [
    ggufMagic, ggufVersion, ggufKey, ggufRepeatedKey, ggufValueType, ggufBool, ggufNestedArray,
    ggufAlignment, ggufKeySpelling, ggufByteOrder, ggufRepeatedTensor, ggufTensorName,
    ggufLongName, ggufRank, ggufDimension,
  ]

  static let ggufMagic = Rule(
    "GGUF001", .error, "A file of a split model does not begin with GGUF",
    reason: "It is something else under the name of a part.", remedy: "Download that part again.",
    origin: "gguf.md §1")
  static let ggufVersion = Rule(
    "GGUF002", .error, "The version is none that is read",
    reason: "Version 1 had other counts and is read by nobody any more; 2 and 3 are in use.",
    remedy: "Convert the original model with a current llama.cpp.", origin: "gguf.md §1")
  static let ggufKey = Rule(
    "GGUF003", .error, "A metadata key is empty or not UTF-8",
    reason: "ggml refuses empty keys; other readers fail on the text.",
    remedy: "Write the file again with another tool.", origin: "gguf.md §3")
  static let ggufRepeatedKey = Rule(
    "GGUF004", .error, "A metadata key is there twice",
    reason: "ggml refuses the file, and other readers differ in which value they take.",
    remedy: "Write the file again; gguf-py's editors can remove a key.", origin: "gguf.md §3")
  static let ggufValueType = Rule(
    "GGUF005", .error, "A metadata value has a type that does not exist",
    reason: "Its length is not known, so nothing after it can be read.",
    remedy: "The file is damaged: get it again.", origin: "gguf.md §2")
  static let ggufBool = Rule(
    "GGUF006", .error, [.llamaCpp: .warning], "A bool is neither 0 nor 1",
    reason: "The description calls that invalid; ggml takes it for true.",
    remedy: "Set the key again.", origin: "gguf.md §2 and §12")
  static let ggufNestedArray = Rule(
    "GGUF007", .note, [.llamaCpp: .error], "A metadata value is an array of arrays",
    reason: "The description allows it; ggml refuses the file and gguf-py flattens the arrays.",
    remedy: "Leave the key out for llama.cpp.", origin: "gguf.md §12")
  static let ggufAlignment = Rule(
    "GGUF008", .error, "general.alignment is no u32, or no power of two",
    reason: "It says where the tensor data begins.", remedy: "Write the file again.",
    origin: "gguf.md §5")
  static let ggufKeySpelling = Rule(
    "GGUF009", .note, "A metadata key is not in lower_snake_case",
    reason: "The description wants ASCII words in lower case, joined by dots; readers take others.",
    remedy: "Nothing needs to be done.", origin: "gguf.md §12; the description of GGUF")
  static let ggufByteOrder = Rule(
    "GGUF010", .note, [.llamaCpp: .error], "The file is big-endian",
    reason: "llama.cpp on a little-endian machine refuses it.",
    remedy: "`convert --to gguf` writes it the other way round.", origin: "gguf.md §8 and §12")
  static let ggufRepeatedTensor = Rule(
    "GGUF011", .error, "Two tensors have one name",
    reason: "ggml refuses the file; other readers take either.",
    remedy: "Convert the original model again.", origin: "gguf.md §4")
  static let ggufTensorName = Rule(
    "GGUF012", .error, "A tensor's name is not UTF-8, or longer than 64 bytes",
    reason: "The description allows 64 bytes; ggml refuses longer ones.",
    remedy: "Rename the tensor where the model is made.", origin: "gguf.md §4 and §10")
  static let ggufLongName = Rule(
    "GGUF013", nil, [.llamaCpp: .error], "A tensor's name has 64 bytes",
    reason: "The description allows that; ggml keeps a terminator in the same 64 bytes and "
      + "refuses the file.",
    remedy: "Rename the tensor where the model is made.", origin: "gguf.md §12")
  static let ggufRank = Rule(
    "GGUF014", .error, "A tensor has more than 4 dimensions",
    reason: "No reader has room for more.", remedy: "Reshape it where the model is made.",
    origin: "gguf.md §4 and §10")
  static let ggufDimension = Rule(
    "GGUF015", .error, "A tensor's dimension is negative, or their product overflows",
    reason: "The file is damaged, or made to trick a reader.", remedy: "Do not use it.",
    origin: "gguf.md §4")

  private static let ggufData = [
    ggufOffset, ggufRow, ggufOverlap, ggufDataCut, ggufUnknownType, ggufForkType, ggufOrder,
    ggufPadding, ggufSurplus,
  ]

  static let ggufOffset = Rule(
    "GGUF016", .error, "A tensor's offset is no multiple of the alignment, or beyond counting",
    reason: "ggml refuses the file.", remedy: "Write the file again.", origin: "gguf.md §4")
  static let ggufRow = Rule(
    "GGUF017", .error, "A tensor's rows are no whole blocks of its type",
    reason: "Its size cannot be computed; ggml refuses the file.",
    remedy: "Convert the original model again, this tensor in another type.", origin: "gguf.md §4")
  static let ggufOverlap = Rule(
    "GGUF018", .error, "Two tensors share bytes",
    reason: "One of them has wrong values: an editor of metadata has moved data, or two parts were "
      + "mixed.",
    remedy: "Get the file again.", origin: "gguf.md §4")
  static let ggufDataCut = Rule(
    "GGUF019", .error, "The file ends before its last tensor",
    reason: "A download or a copy stopped early. The tensor is the first that is not whole.",
    remedy: "Go on with the download (curl -C -, hf download), or get the file again.",
    origin: "gguf.md §4 and §11")
  static let ggufUnknownType = Rule(
    "GGUF020", .warning, [.llamaCpp: .error], "A tensor's type is unknown, removed or ambiguous",
    reason: "Nobody can say what its bytes mean. ggml refuses numbers that it does not have.",
    remedy: "Ask who made the file which program reads it.", origin: "gguf.md §6 and §7")
  static let ggufForkType = Rule(
    "GGUF021", .warning, [.llamaCpp: .error], "A tensor's type is one of a fork",
    reason: "Stock llama.cpp does not have it, or takes it for another and refuses the file.",
    remedy: "Use the fork, or the variant of the model for stock engines.",
    origin: "gguf.md §6 and §7")
  static let ggufOrder = Rule(
    "GGUF022", .note, [.llamaCpp: .error], "A tensor does not begin where the one before it ends",
    reason: "ggml wants tensors in the order of the header, padded to the alignment and without "
      + "holes; it refuses any other.",
    remedy: "`convert --to gguf` writes that order.", origin: "gguf.md §12")
  static let ggufPadding = Rule(
    "GGUF023", .note, "The padding after the last tensor is missing",
    reason: "llama.cpp reads such files; ggml refuses them where it loads the data itself.",
    remedy: "`convert --to gguf` adds it.", origin: "gguf.md §5 and §12")
  static let ggufSurplus = Rule(
    "GGUF024", .warning, "Bytes follow the last tensor",
    reason: "Nothing reads them: two files were joined, or something is hidden there.",
    remedy: "Get the file again; `convert --to gguf` leaves them out.", origin: "gguf.md §5")

  private static let ggufModel = [
    ggufPartMissing, ggufParts, ggufFirstPart, ggufArchitecture, ggufFileType,
    ggufQuantizationVersion, ggufRotated, ggufMixedTypes, ggufSmallAlignment, ggufKeyType,
  ]

  static let ggufPartMissing = Rule(
    "GGUF025", .error, "A file of a split model is missing or cannot be read",
    reason: "The tensors in it are missing.", remedy: "Download that part.", origin: "gguf.md §9")
  static let ggufParts = Rule(
    "GGUF026", .error, "The files of a split model do not belong together",
    reason: "Names, split.no, split.count, split.tensors.count and the tensors must agree; "
      + "llama.cpp refuses the model otherwise.",
    remedy: "Get all parts of one version, under their own names.", origin: "gguf.md §9")
  static let ggufFirstPart = Rule(
    "GGUF027", nil, [.llamaCpp: .warning], "This is not the first file of a split model",
    reason: "llama.cpp must be given the first: it refuses the others.",
    remedy: "Give it the file whose number is 00001.", origin: "gguf.md §9")
  static let ggufArchitecture = Rule(
    "GGUF028", .error, "general.architecture is missing",
    reason: "The description demands it, and without it nobody knows what model it is.",
    remedy: "Set the key, or convert the original model again.", origin: "names.md §3")
  static let ggufFileType = Rule(
    "GGUF029", .warning, "general.file_type says another type than the weights have",
    reason: "It is what users and model hubs are shown. Engines go by the tensors.",
    remedy: "Set the key; `convert --to gguf` writes the right number.", origin: "gguf.md §6")
  static let ggufQuantizationVersion = Rule(
    "GGUF030", .warning, "general.quantization_version is missing",
    reason: "The description demands it where tensors are quantized; it is 2.",
    remedy: "Set the key; `convert --to gguf` writes it.", origin: "the description of GGUF")
  static let ggufRotated = Rule(
    "GGUF031", .warning, [.llamaCpp: .error], "The weights are rotated (prism.hadamard.*)",
    reason: "Stock engines load the file without a word and print garbage: only PrismML's fork "
      + "undoes the rotation.",
    remedy: "Use the fork. Conversion refuses such files.", origin: "names.md §6")
  static let ggufMixedTypes = Rule(
    "GGUF032", .note, "A matrix of a 1-bit model is of another type",
    reason: "llama-quantize makes the output matrix Q6_K unless it is given --pure: the file is "
      + "larger and no longer the 1-bit model.",
    remedy: "Quantize with --pure, or convert the original model with this program.",
    origin: "inspect.md, warning mixed-types")
  static let ggufSmallAlignment = Rule(
    "GGUF033", .warning, [.llamaCpp: .note], "general.alignment is no multiple of 8",
    reason: "The description demands one. ggml takes any power of two, other readers need not.",
    remedy: "Write the file again with an alignment of 32.", origin: "gguf.md §5 and §12")
  static let ggufKeyType = Rule(
    "GGUF034", .note, [.llamaCpp: .error], "A key has another type than llama.cpp reads",
    reason: "llama.cpp compares types, not numbers: 'key ... has wrong type ... but expected "
      + "type ...'. Readers in Python take any integer.",
    remedy: "Write the key again with the type that is needed.",
    origin: "names.md §3; llama.cpp, GGUFMeta::GKV::get_kv")
}
