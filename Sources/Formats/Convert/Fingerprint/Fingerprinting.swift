/// Computes the fingerprint of a model: from tiles that somebody reads anyway, and by reading the
/// rest.
struct Fingerprinting: Sendable {
  private let digests: [TensorDigest]
  /// The names of their tensors.
  private let names: NameSet
  private let toOneBit: [Layout: Route]

  /// - Throws: `unsupported` for a model whose tensors have no certain names or values.
  /// - Parameter isPassing: Whether a stream is meant, of which all comes by.
  init(_ model: Model, isPassing: Bool = false) throws(FormatError) {
    if !isPassing { try ConversionSource.checkUncompressed(model) }
    let digests = try model.canonicalTensors().map(TensorDigest.init)
    self.digests = digests
    names = NameSet(digests.lazy.map(\.tensor.name))
    var toOneBit: [Layout: Route] = [:]
    for layout in Layouts.all {
      toOneBit[layout] = try? ConversionGraph.standard.route(from: layout, to: .q1_0)
    }
    self.toOneBit = toOneBit
    for digest in digests {
      try locating(file: model.path, tensor: digest.tensor.name) { () throws(FormatError) in
        _ = try ConversionGraph.standard.route(from: digest.tensor.layout, to: .f32)
      }
    }
  }

  /// Takes a tile of whole leaves. One that has no canonical form is left to be read again, by
  /// whoever wants to know why.
  ///
  /// - Parameters:
  ///   - tensor: The tensor that it was read from; it does not count where its rows are read in
  ///     another order than Hugging Face's.
  ///   - layout: What the tile holds.
  func add(
    _ tile: Tile, of tensor: Tensor, _ bytes: [UInt8], as layout: Layout,
    _ buffers: inout LeafBuffers
  ) {
    guard let index = names.number(of: tensor.name), digests[index].tensor == tensor else {
      return
    }
    let digest = digests[index]
    guard digest.kind == .oneBit else {
      guard layout == .f32 else { return }
      return digest.add(tile, bytes, as: .dense, scratch: &buffers.leaf)
    }
    if layout == .q1_0 {
      guard Q1_0.hasFiniteScales(bytes) else { return }
      return digest.add(tile, bytes, as: .oneBit, scratch: &buffers.leaf)
    }
    guard let toOneBit = toOneBit[layout] else { return }
    var tally = Tally()
    buffers.blocks.resize(to: Layout.q1_0.byteCount(of: tile))
    bytes.withBytes { source in
      buffers.blocks.withMutableBytes { target in
        toOneBit.apply(tile, from: source, to: &target, scratch: &buffers.steps, tally: &tally)
      }
    }
    guard tally.refusedCount == 0 else {
      // Dense values are hashed as such.
      if layout == .f32 { digest.refute() }
      return
    }
    digest.add(tile, buffers.blocks, as: .oneBit, scratch: &buffers.leaf)
  }

  /// Reads what has not come by, and puts the digests together.
  func callAsFunction(
    _ run: TileRun, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws(FormatError) -> Fingerprint {
    // The second time only those are left that turned out not to be 1-bit.
    for _ in 0..<2 { try await read(digests.filter { $0.result == nil }, run, progress) }
    return Fingerprint(digests.compactMap(\.result))
  }

  /// The same, or `nil` where a weight that only keeps its place has no canonical form: everything
  /// else has been decoded by then.
  func ifKnown(_ run: TileRun) async throws(FormatError) -> Fingerprint? {
    do throws(FormatError) {
      return try await self(run)
    } catch  where error.code == .notExact {
      return nil
    } catch {
      throw error
    }
  }

  /// The fingerprint, where all of it has come by.
  var complete: Fingerprint? {
    let results = digests.compactMap(\.result)
    return results.count == digests.count ? Fingerprint(results) : nil
  }

  private func read(
    _ digests: [TensorDigest], _ run: TileRun, _ progress: @escaping @Sendable (Int) -> Void
  ) async throws(FormatError) {
    var run = run
    run.rowUnit = LeafGrid.rows
    for digest in digests { digest.restart() }
    let moves = digests.map { Move(source: $0.tensor, target: $0.tensor) }
    let kinds = digests.map(\.kind)
    try await run(moves, as: { kinds[$0] == .oneBit ? .q1_0 : .f32 }) {
      (work, tile, buffers) throws(FormatError) in
      let digest = digests[work.number]
      guard digest.kind == kinds[work.number] else { return }
      let tally = try work.feed.tally(tile, &buffers)
      let source = work.move.source
      if tally.refusedCount > 0 {
        guard source.layout.groupSize != nil else { return digest.refute() }
        return try locating(tensor: source.name) { () throws(FormatError) in try tally.check() }
      }
      guard kinds[work.number] == .dense || Q1_0.hasFiniteScales(buffers.output) else {
        throw FormatError(
          .notExact, "a group has a scale that is not finite, and so no fingerprint"
        ).located(tensor: source.name)
      }
      digest.add(tile, buffers.output, as: kinds[work.number], scratch: &buffers.other)
      progress(source.layout.byteCount(of: tile))
    }
  }
}

/// What one task needs to hash tiles.
struct LeafBuffers {
  var blocks: [UInt8] = []
  var leaf: [UInt8] = []
  var steps = TileScratch()
}

extension Model {
  /// The fingerprint of the weights; every weight is read.
  ///
  /// - Parameters:
  ///   - budget: What it may take.
  ///   - toleratingSubnormals: Whether MLX scales are taken that miss −2 × bias by the last bit of a
  ///     subnormal.
  ///   - progress: Told the bytes that were read, from any task.
  /// - Throws: `unsupported` where names or types are not known for certain; what has no exact form
  ///   is refused as a conversion would.
  public func fingerprint(
    budget: RunBudget = RunBudget(), toleratingSubnormals: Bool = false,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws(FormatError) -> Fingerprint {
    let size = try locating(file: path) { () throws(FormatError) in
      _ = try Fingerprinting(self)
      return try budget.size { (size) throws(FormatError) in
        try MemoryBound(fingerprinting: self, size)
      }
    }
    return try await fingerprint(
      size, toleratingSubnormals: toleratingSubnormals, progress: progress)
  }

  func fingerprint(
    _ size: RunSize, toleratingSubnormals: Bool,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws(FormatError) -> Fingerprint {
    let run = TileRun(
      reader: reader, size: size, tolerance: toleratingSubnormals ? SubnormalTolerance() : nil)
    do throws(FormatError) {
      let fingerprint = try await Fingerprinting(self)(run, progress: progress)
      try checkRead()
      return fingerprint
    } catch {
      throw error.unlessChanged(checkUnchanged).located(file: path)
    }
  }

  /// The tensors by their Hugging Face names, rows in Hugging Face's order.
  func canonicalTensors() throws(FormatError) -> [(name: String, tensor: Tensor)] {
    guard form == .gguf else { return tensors.map { ($0.name, $0) } }
    let source = try ConversionSource(self)
    let config = try source.config()
    var result: [(name: String, tensor: Tensor)] = []
    for var tensor in tensors {
      guard let match = source.names.match(gguf: tensor.name) else {
        throw FormatError(.unsupported, "it has no name in Hugging Face repositories")
          .located(tensor: tensor.name)
      }
      tensor.rowMap = RowMap(match.row.rowOrder, config, toGGUF: false)
      result.append((match.row.huggingFace.name(layer: match.layer), tensor))
    }
    return result
  }
}
