extension MemoryBound {
  /// What the fingerprint of a model takes.
  init(fingerprinting model: Model, _ size: RunSize) throws(FormatError) {
    self.init(size)
    add(model)
    for move in Move.kinds(model.tensors.map { Move(source: $0, target: $0) }) {
      // What turns out not to be 1-bit is read once more, as values.
      try addReading(move, as: move.source.layout.groupSize == nil ? [.f32, .q1_0] : [.q1_0])
    }
  }

  /// What looking at the weights of a model takes, as they are stored.
  init(
    scanning moves: [Move], of model: Model, _ passing: some Collection<PassingFile>,
    _ size: RunSize
  ) {
    self.init(size)
    add(model)
    if !passing.isEmpty { add(passing) }
    for move in Move.kinds(moves) {
      let layout = move.source.layout
      let tile = tile(move, as: layout, rowUnit: 1)
      add([Route(source: layout, target: layout, steps: [])], tile)
      add(other: .f32, tile)
    }
  }

  /// What comparing two models takes: each by itself, and tensors side by side.
  init(comparing first: Model, _ second: Model, _ size: RunSize) throws(FormatError) {
    try self.init(fingerprinting: first, size)
    try take(the: MemoryBound(fingerprinting: second, size))
    add(second)
    let others = Dictionary(
      try second.canonicalTensors().map { (ByteString($0.name), $0.tensor) },
      uniquingKeysWith: { first, _ in first })
    let pairs = try first.canonicalTensors().compactMap { name, tensor in
      others[ByteString(name)].map { Comparing.move(tensor, $0) }
    }
    for move in Move.kinds(pairs) where move.source.shape == move.target.shape {
      try addComparing(move)
    }
  }

  private mutating func addReading(_ move: Move, as layouts: [Layout]) throws(FormatError) {
    for layout in layouts where layout.fits(move.target.matrix) {
      let tile = tile(move, as: layout, rowUnit: LeafGrid.rows)
      guard let route = try? move.source.route(to: layout) else { continue }
      add([route], tile)
      add(hashing: tile, of: move.target.matrix)
    }
  }

  private mutating func addComparing(_ move: Move) throws(FormatError) {
    for layout in [Layout.q1_0, .f32] where layout.fits(move.target.matrix) {
      guard let one = try? move.source.route(to: layout),
        let other = try? move.target.route(to: layout)
      else { continue }
      let tile = tile(move, as: layout, rowUnit: 1)
      add([one, other], tile)
      add(other: layout, tile)
    }
    if move.needsStage { try add(staging: move.source) }
  }
}
