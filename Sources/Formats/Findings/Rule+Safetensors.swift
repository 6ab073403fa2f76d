/// Rules of the safetensors container: what its reader finds.
extension Rule {
  static let safetensors = [
    safetensorsHeader, safetensorsRepeatedName, safetensorsType, safetensorsEntry,
    safetensorsOffsets, safetensorsSize, safetensorsHole, safetensorsOverlap, safetensorsDataCut,
    safetensorsSurplus, safetensorsTrailer, safetensorsAlignment,
  ]

  static let safetensorsHeader = Rule(
    "ST001", .error, "The header is no JSON object as the format has it",
    reason: "No reader opens the file.", remedy: "The file is damaged: get it again.",
    origin: "safetensors.md §2")
  static let safetensorsRepeatedName = Rule(
    "ST002", .error, "The header names something twice",
    reason: "The description forbids it; readers take the last one, so that a tensor is hidden.",
    remedy: "Save the model again.", origin: "safetensors.md §2 and §9")
  static let safetensorsType = Rule(
    "ST003", .error, "A tensor's dtype is none of the format's",
    reason: "The reference refuses the whole file.",
    remedy: "Save the tensor in a type that the format has.", origin: "safetensors.md §3")
  static let safetensorsEntry = Rule(
    "ST004", .error, "A tensor's entry lacks a field, or has one twice or too many",
    reason: "An entry is dtype, shape and data_offsets. The reference refuses the file where one "
      + "is missing and ignores others.",
    remedy: "Save the model again.", origin: "safetensors.md §2 and §9")
  static let safetensorsOffsets = Rule(
    "ST005", .error, "A tensor's data_offsets run backwards, or are not two",
    reason: "The reference refuses the file.", remedy: "The file is damaged: get it again.",
    origin: "safetensors.md §2")
  static let safetensorsSize = Rule(
    "ST006", .error, "A tensor's bytes do not fit its dtype and shape",
    reason: "The reference refuses the file.", remedy: "Save the model again.",
    origin: "safetensors.md §4")
  static let safetensorsHole = Rule(
    "ST007", .error, [.mlx: .warning], "Bytes of the data belong to no tensor",
    reason: "Something could be hidden there: the reference refuses the file, mlx does not look.",
    remedy: "Save the model again.", origin: "safetensors.md §4 and §9")
  static let safetensorsOverlap = Rule(
    "ST008", .error, "Two tensors share bytes",
    reason: "The reference refuses the file; elsewhere one of them has wrong values.",
    remedy: "Save the model again.", origin: "safetensors.md §4")
  static let safetensorsDataCut = Rule(
    "ST009", .error, "The file ends before its last tensor",
    reason: "A download or a copy stopped early. The tensor is the first that is not whole.",
    remedy: "Go on with the download (curl -C -, hf download), or get the file again.",
    origin: "safetensors.md §4")
  static let safetensorsSurplus = Rule(
    "ST010", .error, [.mlx: .warning], "Bytes follow the data that the header describes",
    reason: "The reference refuses the file: something could be hidden there.",
    remedy: "Get the file again.", origin: "safetensors.md §4 and §9")
  static let safetensorsTrailer = Rule(
    "ST011", .error, "Something other than spaces follows the header's '}'",
    reason: "The description allows spaces only; the reference refuses text and NUL.",
    remedy: "Save the model again.", origin: "safetensors.md §2 and §9")
  static let safetensorsAlignment = Rule(
    "ST012", .note, "The data does not begin at a multiple of 8 bytes",
    reason: "mlx writes such files. Readers that map tensors into memory have to copy them.",
    remedy: "Nothing needs to be done; `convert` writes an aligned copy.",
    origin: "safetensors.md §1")
}
