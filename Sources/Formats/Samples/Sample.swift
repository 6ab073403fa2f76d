/// A 1-bit GGUF of random signs and scales, so that everything can be tried without a download.
public struct Sample: Sendable {
  /// The dimensions.
  public let shape: SampleShape
  /// Equal seeds give equal files.
  public let seed: UInt64
  private let plan: GGUFPlan

  /// Plans a sample.
  public init(_ shape: SampleShape, seed: UInt64) throws(FormatError) {
    self.shape = shape
    self.seed = seed
    var tensors: [GGUFPlan.Tensor] = []
    for (name, sizes) in shape.tensors() {
      tensors.append(try GGUFPlan.Tensor(name, sizes.count == 1 ? .f32 : .q1_0, shape: sizes))
    }
    plan = try GGUFPlan(metadata: shape.metadata(seed: seed), tensors: tensors)
  }

  /// The size of the file.
  public var byteCount: Int { plan.fileByteCount }

  /// Writes the file; what fails leaves nothing.
  ///
  /// - Parameters:
  ///   - path: Where.
  ///   - replacing: Whether an existing file may be replaced.
  ///   - budget: What it may take.
  /// - Throws: `exists`, `locked`, `io` or `cancelled`.
  public func write(
    to path: String, replacing: Bool, budget: RunBudget = RunBudget()
  ) async throws(FormatError) {
    let width = try width(budget)
    let output = try OutputTransaction(path, .file, replacing: replacing, inputs: [])
    do throws(FormatError) {
      try output.checkSpace(for: plan.fileByteCount)
      let file = try output.create("", byteCount: plan.fileByteCount)
      try file.write(plan.header, at: 0)
      try await writeTensors(width: width, to: file)
      try file.seal()
      try Cancellation.check()
      try output.commit()
    } catch {
      output.rollBack()
      throw error
    }
  }

  /// Writes the file to an open descriptor, from front to back; what fails leaves a part of it.
  ///
  /// - Parameters:
  ///   - descriptor: A pipe, or a file that is empty.
  ///   - name: What messages call it.
  ///   - budget: What it may take.
  /// - Throws: `io` or `cancelled`.
  public func write(
    toDescriptor descriptor: Int32, name: String, budget: RunBudget = RunBudget()
  ) async throws(FormatError) {
    let width = try width(budget)
    let sink = DescriptorSink(descriptor: descriptor, name: name)
    let output = SequentialOutput(
      sink,
      ranges: [0..<plan.header.count] + plan.placements.map(\.range), byteCount: byteCount)
    do throws(FormatError) {
      try output.write(plan.header, at: 0)
      try await writeTensors(width: width, to: output)
    } catch {
      throw sink.incomplete(error)
    }
  }

  private func width(_ budget: RunBudget) throws(FormatError) -> Int {
    try budget.size { size in
      var bound = MemoryBound(size)
      bound.add(headers: plan.header.count, tensorCount: plan.placements.count)
      bound.add(byteCount: size.width * 2 * Self.blocksPerJob * Q1_0.blockByteCount)
      return bound
    }.width
  }

  private static let blocksPerJob = 1 << 16

  private func writeTensors(
    width: Int, to sink: any ByteSink
  ) async throws(FormatError) {
    for (index, tensor) in plan.placements.enumerated() {
      try await write(tensor, number: UInt64(index), width: width, to: sink)
    }
  }

  private func write(
    _ tensor: TensorInfo, number: UInt64, width: Int, to sink: any ByteSink
  ) async throws(FormatError) {
    let blockByteCount = tensor.type.blockByteCount
    let blocks = tensor.range.count / blockByteCount
    let blocksPerJob = Self.blocksPerJob
    let isOneBit = tensor.type == .q1_0
    let start = tensor.range.lowerBound
    let seed = RandomBits(seed).bits(number)
    try await runJobs(
      blocks.pieces(of: blocksPerJob), width: width, buffers: { [UInt8]() }
    ) { (job, buffer) throws(FormatError) in
      let range = job * blocksPerJob..<min((job + 1) * blocksPerJob, blocks)
      buffer.resize(to: range.count * blockByteCount)
      buffer.withMutableBytes { span in
        if isOneBit {
          Self.fillBlocks(&span, range, RandomBits(seed))
        } else {
          Self.fillNorms(&span, range, RandomBits(seed))
        }
      }
      try sink.write(buffer, at: start + range.lowerBound * blockByteCount)
    }
  }

  /// Scales from 2⁻⁶ up to 2⁻⁴, signs at random.
  private static func fillBlocks(
    _ span: inout MutableRawSpan, _ blocks: Range<Int>, _ random: RandomBits
  ) {
    for block in blocks {
      let start = (block - blocks.lowerBound) * Q1_0.blockByteCount
      let number = UInt64(block) &* 3
      span.store(0x2400 | UInt16(truncatingIfNeeded: random.bits(number) & 0x7FF), at: start)
      span.store(random.bits(number &+ 1), at: start + 2)
      span.store(random.bits(number &+ 2), at: start + 10)
    }
  }

  /// Values near 1 that F16 holds exactly, as those of the published models are.
  private static func fillNorms(
    _ span: inout MutableRawSpan, _ elements: Range<Int>, _ random: RandomBits
  ) {
    for element in elements {
      let value = 1 + (Float(random.bits(UInt64(element)) & 0xFF) - 128) / 1024
      span.store(value.bitPattern, at: (element - elements.lowerBound) * 4)
    }
  }
}

/// Random bits by number, so that they can be made in any order: SplitMix64's mixing of a counter.
struct RandomBits {
  private let seed: UInt64
  init(_ seed: UInt64) { self.seed = seed }

  @inline(__always) func bits(_ number: UInt64) -> UInt64 {
    var value = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
