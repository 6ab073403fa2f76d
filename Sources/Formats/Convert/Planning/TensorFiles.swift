/// The files of an output that hold tensors: their headers, and every tensor's place in them.
struct TensorFiles: Sendable {
  /// One file.
  struct File: Sendable {
    let name: OutputName
    let header: [UInt8]
    let byteCount: Int
  }

  let files: [File]
  /// The text of the index, where there is one.
  let index: [UInt8]?
  /// Every tensor with its source and its place.
  let moves: [Move]

  /// The files of a directory.
  ///
  /// - Parameters:
  ///   - plan: What they hold.
  ///   - shardByteCount: The most bytes of data in one of them.
  ///   - isMLX: Whether they are as MLX writes them: with an index also for one file, and the number
  ///     of weights in it.
  /// - Throws: `unsupported` and `limit` where the plan cannot be written as safetensors.
  init(
    safetensors plan: TargetPlan, shardByteCount: Int, isMLX: Bool
  ) throws(FormatError) {
    let metadata: SafetensorsMetadata = ["format": isMLX ? "mlx" : "pt"]
    let units = plan.entries.map(\.storedTensors)
    try Self.checkNames(units)
    let shards = try ShardPlan(units: units, limit: shardByteCount)
    var files: [File] = []
    var moves: [Move] = []
    moves.reserveCapacity(plan.entries.count)
    for (number, shard) in shards.shards.enumerated() {
      let layout = try SafetensorsPlan(shard.tensors, metadata: metadata)
      files.append(
        File(
          name: .fixed(shard.fileName), header: layout.header, byteCount: layout.fileByteCount))
      // Shards are filled with whole entries, one after the other.
      var places = layout.places[...]
      while !places.isEmpty, moves.count < plan.entries.count {
        let entry = plan.entries[moves.count]
        let parts = places.prefix(entry.layout.parts.count)
        places = places.dropFirst(parts.count)
        moves.append(
          entry.move(to: parts.map { StoredPart(file: number, placeOf: layout.tensors[$0]) }))
      }
    }
    self.files = files
    self.moves = moves
    let weightCount = plan.entries.saturatingSum { $0.source.elementCount }
    index =
      isMLX || shards.shards.count > 1
      ? shards.index(parameterCount: isMLX ? weightCount : nil) : nil
  }

  /// One GGUF file, or several.
  ///
  /// - Throws: What a header cannot hold, and what limits leave no room for.
  init(
    gguf plan: TargetPlan, metadata: GGUFMetadata, split: GGUFSplitLimits?
  ) throws(FormatError) {
    var tensors: [GGUFPlan.Tensor] = []
    for entry in plan.entries {
      let type = entry.layout.parts[0].type
      guard let known = GGMLType.all.first(where: { $0.readings == [type] }) else {
        throw FormatError(.unsupported, "GGUF has no type \(type.name)")
          .located(tensor: entry.source.name)
      }
      tensors.append(try GGUFPlan.Tensor(entry.name, known, shape: entry.source.shape))
    }
    let shards =
      if let split {
        try GGUFSplitPlan(metadata: metadata, tensors: tensors, limits: split).shards
      } else {
        [try GGUFPlan(metadata: metadata, tensors: tensors)]
      }
    files = shards.enumerated().map { number, shard in
      File(
        name: split == nil ? .output : .shard(number, of: shards.count), header: shard.header,
        byteCount: shard.fileByteCount)
    }
    index = nil
    let places = shards.enumerated().flatMap { number, shard in
      shard.placements.map { StoredPart(file: number, info: $0) }
    }
    moves = zip(plan.entries, places).map { $0.move(to: [$1]) }
  }

  /// An array that the source has by itself can have the name of a part of another weight.
  private static func checkNames(_ units: [[SafetensorsPlan.Tensor]]) throws(FormatError) {
    var names = NameSet()
    for unit in units {
      for tensor in unit where !names.insert(tensor.name) {
        throw FormatError(.unsupported, "two arrays of the output would have this name")
          .located(tensor: tensor.name)
      }
    }
  }

  /// The parts of the tensors of a file in the order in which they lie there, each as a move of its own.
  func parts(ofFile number: Int) -> [Move] {
    moves.filter { $0.file == number }.flatMap { move in
      move.target.parts.indices.map { Move(source: move.source, target: move.target, part: $0) }
    }.sorted { left, right in
      // An empty one comes before what begins at the same place.
      (left.range.lowerBound, left.range.upperBound)
        < (right.range.lowerBound, right.range.upperBound)
    }
  }

  /// Bytes of all files.
  var byteCount: Int { files.saturatingSum(of: \.byteCount) }
}

extension StoredPart {
  /// Where an array will lie. Its name and shape stand in the header that has been made, and are not
  /// kept besides: there may be very many.
  fileprivate init(file: Int, placeOf info: TensorInfo) {
    self.init(
      file: file, info: TensorInfo(name: "", type: info.type, shape: [], range: info.range))
  }
}

extension TargetPlan.Entry {
  fileprivate func move(to parts: [StoredPart]) -> Move {
    Move(
      source: source,
      target: Tensor(name: name, shape: source.shape, layout: layout, parts: parts))
  }
}
