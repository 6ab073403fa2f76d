/// Measures what conversions, fingerprints and inspections take on this machine, with a made-up model.
///
/// What is measured are runs of the program itself, one process each, so that memory and time are
/// those that a user sees. Each run has its yardstick beside it, for machines have moods. This process
/// itself opens no models and holds little: Linux counts what it holds as its children's.
package struct ModelBenchmark: Sendable {
  let shape: SampleShape
  let runCount: Int
  /// How the program is called.
  let program: String
  /// Told what is being done.
  let progress: @Sendable (String) -> Void

  package init(
    _ shape: SampleShape, runCount: Int, program: String,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.shape = shape
    self.runCount = runCount
    self.program = program
    self.progress = progress
  }

  private static let limitByteCount = 128 << 20

  /// Bytes that have to be free: the sample, its widest form, and what comes back of it.
  package var neededByteCount: Int {
    // 18 bytes for 128 weights, and 256 in F16. Outputs are removed before their yardsticks are made.
    shape.tensors().reduce(0) { $0 + $1.shape.reduce(1, *) } / 128 * (2 * 18 + 256) + (64 << 20)
  }

  /// Measures, and removes what it made, whatever happens.
  ///
  /// - Parameter folder: Where there is room.
  /// - Throws: `io` where there is not enough room; what the runs throw; `cancelled`.
  package func callAsFunction(in folder: String) async throws(FormatError) -> [BenchmarkRow] {
    let place = try OutputTransaction(
      Paths.join(folder, "bonsai-fmt-bench"), .directory, replacing: false, inputs: [])
    defer { place.rollBack() }
    let (needed, free) = (neededByteCount, try SystemCalls.freeBytes(folder) ?? .max)
    guard free >= needed else {
      throw FormatError(.io, "about \(needed) bytes are needed there, \(free) are free")
        .located(file: folder)
    }
    return try await rows(place.path(of: "sample.gguf"), place.path(of: "output"))
  }

  private func rows(_ sample: String, _ output: String) async throws(FormatError) -> [BenchmarkRow]
  {
    progress("making the \(shape.name) sample")
    _ = try await run(["sample", "--shape", shape.name, "--seed", "1", "-o", sample, "--quiet"])
    var rows: [BenchmarkRow] = []
    for kind in Kind.all {
      rows += try await conversions(to: kind, sample, output)
      rows.append(try await conversionBack(from: kind, output, sample))
      try SystemCalls.removeTree(output)
    }
    return rows + [try await fingerprint(sample), try await inspection(sample)]
  }

  /// A conversion there and back, and what is wanted of it.
  private struct Kind {
    let target: ConversionTarget
    let userSecondsPerGB: Double
    var isTimed = true

    static let all = [
      Kind(target: .awq, userSecondsPerGB: 0.7), Kind(target: .fp16, userSecondsPerGB: 0.25),
      Kind(target: .mlx, userSecondsPerGB: 0.5, isTimed: false),
    ]
  }

  /// With and without the proof; the last output stays.
  private func conversions(
    to kind: Kind, _ sample: String, _ output: String
  ) async throws(FormatError) -> [BenchmarkRow] {
    let name = "gguf → \(kind.target.rawValue)"
    var fast = BenchmarkRow(name: "\(name), `--no-verify`")
    var proven = BenchmarkRow(name: "\(name), proven")
    fast.target = .init(
      ratio: kind.isTimed ? 1.15 : nil, userSecondsPerGB: kind.userSecondsPerGB,
      peakByteCount: Self.limitByteCount)
    proven.target = .init(
      ratio: kind.isTimed ? 1.6 : nil, peakByteCount: Self.limitByteCount)
    (fast.yardstick, proven.yardstick) = ("writing", "writing")
    for number in 1...runCount {
      progress("\(name), run \(number) of \(runCount)")
      let measured = try await run(convert(sample, kind.target, output) + ["--no-verify"])
      let count = try Self.tensorFiles(output).reduce(0) { $0 + $1.byteCount }
      (fast.byteCount, proven.byteCount) = (count, count)
      try SystemCalls.removeTree(output)
      let writing = try await off { (cancellation) throws(FormatError) in
        try Yardstick.writing(count, to: output, cancellation)
      }
      fast.add(measured, by: writing.seconds)
      try SystemCalls.removeTree(output)
      proven.add(try await run(convert(sample, kind.target, output)), by: writing.seconds)
      if number < runCount { try SystemCalls.removeTree(output) }
    }
    return [fast, proven]
  }

  private func conversionBack(
    from kind: Kind, _ input: String, _ sample: String
  ) async throws(FormatError) -> BenchmarkRow {
    let output = input + ".gguf"
    let files = try Self.tensorFiles(input)
    var row = BenchmarkRow(name: "\(kind.target.rawValue) → gguf, `--no-verify`")
    row.byteCount = files.reduce(0) { $0 + $1.byteCount }
    row.yardstick = "reading and writing"
    row.target = .init(
      ratio: kind.isTimed ? 1.5 : nil, userSecondsPerGB: kind.userSecondsPerGB,
      peakByteCount: Self.limitByteCount)
    let count = try FileSource(path: sample).byteCount ?? 0
    for number in 1...runCount {
      progress("\(kind.target.rawValue) → gguf, run \(number) of \(runCount)")
      let plain = try await off { (cancellation) throws(FormatError) in
        let reading = try Yardstick.reading(files.map(\.path), cancellation)
        return reading.seconds + (try Yardstick.writing(count, to: output, cancellation)).seconds
      }
      try SystemCalls.removeTree(output)
      row.add(try await run(convert(input, .gguf, output) + ["--no-verify"]), by: plain)
      try SystemCalls.removeTree(output)
    }
    return row
  }

  private static func tensorFiles(
    _ directory: String
  ) throws(FormatError) -> [(path: String, byteCount: Int)] {
    let names = try SystemCalls.list(directory).filter { $0.hasSuffix(".safetensors") }
    return try names.map { (name) throws(FormatError) in
      let path = Paths.join(directory, name)
      return (path, try SystemCalls.status(path)?.byteCount ?? 0)
    }
  }

  private func fingerprint(_ sample: String) async throws(FormatError) -> BenchmarkRow {
    var row = BenchmarkRow(name: "fingerprint of the GGUF")
    row.byteCount = try FileSource(path: sample).byteCount
    row.yardstick = "our SHA-256 of the file"
    row.target = .init(ratio: 1, peakByteCount: Self.limitByteCount)
    for number in 1...runCount {
      progress("\(row.name), run \(number) of \(runCount)")
      let hashing = try await off { (cancellation) throws(FormatError) in
        try Yardstick.hashing(sample, cancellation)
      }
      row.add(try await run(["fingerprint", sample]), by: hashing.seconds)
    }
    return row
  }

  private func inspection(_ sample: String) async throws(FormatError) -> BenchmarkRow {
    var row = BenchmarkRow(name: "inspect the GGUF")
    row.target = .init(seconds: 0.02, peakByteCount: 24 << 20)
    for _ in 0..<max(runCount, 7) { row.add(try await run(["inspect", sample])) }
    return row
  }

  private func convert(_ input: String, _ target: ConversionTarget, _ output: String) -> [String] {
    ["convert", input, "--to", target.rawValue, "-o", output, "--quiet"]
  }

  /// One run of the program, when the disk is at rest.
  private func run(_ arguments: [String]) async throws(FormatError) -> Measured {
    SystemCalls.synchronizeAll()
    return try await ChildProcess.run([program] + arguments)
  }

  private func off<Success: Sendable>(
    _ body: @escaping @Sendable (Cancellation) throws(FormatError) -> Success
  ) async throws(FormatError) -> Success {
    try Cancellation.check()
    SystemCalls.synchronizeAll()
    return try await resultOffPool(body).get()
  }
}

extension BenchmarkRow {
  init(name: String) { self.name = name }

  mutating func add(_ run: Measured, by yardstick: Double? = nil) {
    runs.append(run)
    if let yardstick { yardsticks.append(yardstick) }
  }
}
