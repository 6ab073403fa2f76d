/// The safetensors files of an output directory: their headers, and every tensor's place in them.
struct TensorFiles: Sendable {
  /// One file.
  struct File: Sendable {
    let name: String
    let header: [UInt8]
    let byteCount: Int
  }

  let files: [File]
  /// The text of the index, where there are several files.
  let index: [UInt8]?
  /// Every tensor with its source and its place.
  let moves: [Move]

  /// - Throws: `usage` and `limit` where the plan cannot be written as safetensors.
  init(_ plan: TargetPlan, shardByteCount: Int) throws(FormatError) {
    let shards = try ShardPlan(units: plan.entries.map(\.storedTensors), limit: shardByteCount)
    var files: [File] = []
    var places: [ByteString: StoredPart] = [:]
    for (number, shard) in shards.shards.enumerated() {
      let layout = try SafetensorsPlan(shard.tensors, metadata: ["format": "pt"])
      files.append(
        File(name: shard.fileName, header: layout.header, byteCount: layout.fileByteCount))
      for info in layout.tensors {
        places[ByteString(info.name)] = StoredPart(file: number, info: info)
      }
    }
    self.files = files
    index = shards.index
    moves = plan.entries.map { entry in
      let parts = entry.storedTensors.compactMap { places[ByteString($0.name)] }
      return Move(
        source: entry.source,
        target: Tensor(
          name: entry.name, shape: entry.source.shape, layout: entry.layout, parts: parts))
    }
  }

  /// Bytes of all files.
  var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
}
