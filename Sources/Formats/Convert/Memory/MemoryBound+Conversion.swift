extension MemoryBound {
  /// What a conversion takes, proof included.
  init(of conversion: Conversion, _ size: RunSize) throws(FormatError) {
    self.init(size)
    let (options, model) = (conversion.options, conversion.model)
    let moves = conversion.tensors.moves
    for move in Move.kinds(moves) { try add(move, options) }
    add(model)
    let headers = conversion.tensors.files.reduce(0) { $0 + $1.header.count }
    add(headers: headers, tensorCount: moves.count)
    if conversion.target.isGGUF { try add(planning: conversion.source) }
    if let compression = options.compression {
      add(
        compressing: conversion.byteCount, level: compression.level, readsBack: options.verifies)
    }
    if model.isPassing {
      add(try model.passingFiles().values)
      addStream()
    }
  }

  /// More rows than any vocabulary of today has: what is held for fewer is looked at with all else, for
  /// only then it is known how much memory is enough.
  private static let usualRows = 1 << 18

  /// Refuses metadata of a GGUF that takes too much memory, before any of it is made.
  static func checkPlanning(
    of source: ConversionSource, _ budget: RunBudget
  ) throws(FormatError) {
    guard case .directory = source.facts, try source.config().vocabularySize > usualRows else {
      return
    }
    _ = try budget.size { (size) throws(FormatError) in
      var bound = MemoryBound(size)
      try bound.add(planning: source)
      return bound
    }
  }

  private mutating func add(planning source: ConversionSource) throws(FormatError) {
    guard case .directory(let documents) = source.facts else { return }
    try add(
      planning: documents.tokenizer().byteCount ?? 0, rows: source.config().vocabularySize)
  }

  private mutating func add(
    _ move: Move, _ options: ConversionOptions
  ) throws(FormatError) {
    let graph = ConversionGraph.standard
    // Whether values have to be rounded is seen only when they are read.
    let source =
      options.allowsRounding ? try move.source.rounded(for: move.target.layout) : move.source
    let read = { (layout: Layout) throws(FormatError) -> Route in
      try move.needsStage ? graph.route(from: .q1_0, to: layout) : source.route(to: layout)
    }
    if move.needsStage { try add(staging: source) }
    // What is written front to back is cut like what is hashed.
    let rowUnit = options.compression == nil ? 1 : move.hashedRowUnit
    let written = tile(move, as: move.target.layout, rowUnit: rowUnit)
    add([try read(move.target.layout)], written)
    guard options.verifies else { return }
    // Streams are hashed in passing, in whole heads.
    let proofs = [
      (move.proofLayout, LeafGrid.rows), (move.comparisonLayout, move.hashedRowUnit),
    ]
    for (layout, rowUnit) in proofs {
      let tile = tile(move, as: layout, rowUnit: rowUnit)
      add([try read(layout), try graph.route(from: move.target.layout, to: layout)], tile)
      add([try read(move.target.layout)], tile)
      add(other: layout, tile)
      add(hashing: tile, of: move.target.matrix)
    }
  }

  /// The largest tile of a tensor.
  func tile(_ move: Move, as layout: Layout, rowUnit: Int) -> Tile {
    move.tiling(as: layout, byteCount: size.tileByteCount, rowUnit: rowUnit)
      .largestTile(of: move.target.matrix)
  }
}

extension Move {
  /// One of all those that are alike in what they take.
  static func kinds(_ moves: [Move]) -> [Move] {
    struct Kind: Hashable {
      let layouts: [Layout?]
      let matrix: MatrixShape
      let heads: Int?
    }
    let kinds = Dictionary(
      moves.map { move in
        let layouts = [move.source.layout, move.source.roundedLayout, move.target.layout]
        let heads = move.source.rowMap?.headRows
        return (Kind(layouts: layouts, matrix: move.target.matrix, heads: heads), move)
      }, uniquingKeysWith: { first, _ in first })
    return Array(kinds.values)
  }
}
