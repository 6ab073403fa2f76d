/// Rules of files whatever their format, and of an index of shards.
extension Rule {
  static let file = [noModel, headerCut, beyondLimits, unreadable]

  static let noModel = Rule(
    "FILE001", .error, "The file is neither GGUF nor safetensors",
    reason: "Nothing reads it as a model: often it is a web page or a pointer of Git LFS that was "
      + "saved under the model's name.",
    remedy: "Look at its first bytes, and download the model again.",
    origin: "gguf.md §1, safetensors.md §1")
  static let headerCut = Rule(
    "FILE002", .error, "The file ends within its header",
    reason: "What the header would say about the rest is not known, and no reader opens the file.",
    remedy: "Download or copy the file again; compare its size with that of the original.",
    origin: "gguf.md §11, safetensors.md §8")
  static let beyondLimits = Rule(
    "FILE003", .error, "The file goes beyond a limit of this program",
    reason: "Counts and sizes beyond what any model has are not believed. The file may be right.",
    remedy: "The message names the limit; the specifications list them.",
    origin: "gguf.md §10, safetensors.md §7")
  static let unreadable = Rule(
    "FILE004", .error, "The file, or its compression, is damaged or of an unknown kind",
    reason: "Nothing after the place can be trusted.",
    remedy: "Get the file again. What zstd wrote in an unusual way, `zstd -d` may unpack.",
    origin: "zstd.md, gguf.md §11, safetensors.md §8")

  static let index = [
    indexUnreadable, indexRepeatsName, indexShardName, shardMissing, shardLacksTensor,
    indexLacksTensor, tensorInTwoShards, indexTotal, shardLeftOver, weightsBeside,
  ]

  static let indexUnreadable = Rule(
    "IDX001", .error, "The index cannot be read",
    reason: "Loaders learn from it which file holds which tensor.",
    remedy: "Get model.safetensors.index.json again, or convert the model anew.",
    origin: "safetensors.md §6 and §8")
  static let indexRepeatsName = Rule(
    "IDX002", .error, "The index names something twice",
    reason: "Readers differ in which of the two they believe.",
    remedy: "Take one of the two out.", origin: "safetensors.md §6")
  static let indexShardName = Rule(
    "IDX003", .error, "The index names a file that is no plain name of a shard",
    reason: "A name with separators could lead out of the directory.",
    remedy: "Do not trust the directory; a shard is named by letters, digits, '.', '_' and '-'.",
    origin: "safetensors.md §6")
  static let shardMissing = Rule(
    "IDX004", .error, "A shard is missing",
    reason: "Engines stop when they come to it, some after minutes of loading.",
    remedy: "Download the file that the message names.", origin: "safetensors.md §6")
  static let shardLacksTensor = Rule(
    "IDX005", .error, "The index promises a tensor that its shard does not have",
    reason: "Loaders fail on the tensor, or leave it as it was made up.",
    remedy: "Index and shards are of different downloads or versions: get all of one.",
    origin: "safetensors.md §6")
  static let indexLacksTensor = Rule(
    "IDX006", .error, "A shard holds a tensor that the index does not name",
    reason: "Loaders that go by the index leave it out.",
    remedy: "Index and shards are of different downloads or versions: get all of one.",
    origin: "safetensors.md §6")
  static let tensorInTwoShards = Rule(
    "IDX007", .error, "A tensor is in two shards",
    reason: "Which of the two counts depends on the order in which files are read.",
    remedy: "Remove shards that are left over from another version.", origin: "safetensors.md §6")
  static let indexTotal = Rule(
    "IDX008", .warning, "The index's total_size is not the size of the tensors",
    reason: "Loaders size memory and progress by it, and it tells that index and shards were not "
      + "made together.",
    remedy: "Convert the model anew, or correct the number.", origin: "safetensors.md §6")
  static let shardLeftOver = Rule(
    "IDX009", .warning, [.mlx: .error], "A shard that nothing names",
    reason: "It is left over from another version, and takes space. mlx-lm loads every "
      + "model*.safetensors of the directory, whatever the index says, and without one.",
    remedy: "Remove the file, or get index and shards of one version.",
    origin: "safetensors.md §6")
  static let weightsBeside = Rule(
    "IDX010", .warning, "Weights of another kind lie beside those that the index names",
    reason: "Engines do not read them with the model; they take space, or are another model.",
    remedy: "Keep them in a directory of their own.", origin: "safetensors.md §6")
}
