import Testing

@testable import Formats

@Suite("Benchmarks")
struct BenchmarkTests {
  @Test func everyEdgeIsMeasured() {
    let edges = EdgeBenchmark.all
    #expect(edges.count == ConversionGraph.standard.transforms.count)
    #expect(Set(edges.map(\.name)).count == edges.count)
  }

  @Test func medians() throws {
    #expect(Spread([]) == nil)
    let odd = try #require(Spread([3, 1, 2]))
    #expect([odd.least, odd.median, odd.largest] == [1, 2, 3])
    #expect(Spread([4, 1, 2, 3])?.median == 2.5)
  }

  @Test func yardsticksTouchEveryByte() throws {
    let folder = try TemporaryFolder()
    let count = 5 << 20
    _ = try Yardstick.writing(count, to: folder("plain"), Cancellation())
    let bytes = try folder.bytes("plain")
    #expect(bytes.count == count)
    #expect(bytes.count { $0 == 0 } < count / 100)
    let source = try FileSource(path: folder("plain"))
    let isSame =
      try Digest(
        of: source, pieceByteCount: 1 << 20, beforeEachPiece: {}) == Digest(of: bytes)
    #expect(isSame)
    let error = #expect(throws: FormatError.self) {
      try Yardstick.reading([folder("none")], Cancellation())
    }
    #expect(error?.code == .notFound)
  }

  /// Each would go on for many minutes.
  @Test func yardsticksEndWithTheirTask() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("zeros", [])
    let descriptor = try SystemCalls.open(path, 2)
    try SystemCalls.setLength(descriptor, to: 1 << 40, path: path)
    try SystemCalls.close(descriptor, path: path)
    let (output, size) = (folder("plain"), 1 << 40)
    try await expectStop { (cancellation) throws(FormatError) in
      try Yardstick.writing(size, to: output, cancellation)
    }
    try await expectStop { (cancellation) throws(FormatError) in
      try Yardstick.reading([path], cancellation)
    }
    try await expectStop { (cancellation) throws(FormatError) in
      try Yardstick.hashing(path, cancellation)
    }
  }

  private func expectStop(
    _ yardstick: @escaping @Sendable (Cancellation) throws(FormatError) -> Measured
  ) async throws {
    let task = Task { try await resultOffPool(yardstick).get() }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    let start = ContinuousClock.now
    let error = await failure { _ = try await task.value }
    #expect(error?.code == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(200))
  }

  @Test func aProgramIsMeasured() async throws {
    let measured = try await ChildProcess.run([
      "sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done",
    ])
    #expect(measured.userSeconds > 0)
    #expect(try #require(measured.peakByteCount) > 100_000)
    let failed = await failure { _ = try await ChildProcess.run(["false"]) }
    #expect(failed?.code == .io)
    let missing = await failure { _ = try await ChildProcess.run(["no-such-program-at-all"]) }
    #expect(missing != nil)
  }

  @Test func aProgramEndsWithItsTask() async throws {
    let task = Task { try await ChildProcess.run(["sleep", "1000"]) }
    try await Task.sleep(for: .milliseconds(200))
    let start = ContinuousClock.now
    task.cancel()
    let error = await failure { _ = try await task.value }
    #expect(error?.code == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(500))
  }

  @Test func whatIsMissingInRoomIsSaidAtOnce() async throws {
    let folder = try TemporaryFolder()
    let shape = try #require(SampleShape.all.last)
    #expect(
      ModelBenchmark(shape, runCount: 1, program: "false") { _ in }.neededByteCount
        > 16_000_000_000)
    let error = await failure {
      _ = try await ModelBenchmark(.micro, runCount: 1, program: "false") { _ in }(in: folder("."))
    }
    #expect(error?.code == .io)
    #expect(try folder.names == [])
  }
}
