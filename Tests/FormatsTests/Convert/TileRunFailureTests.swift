import Foundation
import Synchronization
import Testing

@testable import Formats

@Suite("What fails stops what comes after it")
struct TileRunFailureTests {
  private let run: TileRun
  private let moves: [Move]

  /// A tensor that is held, and two that flow in several tiles.
  init() throws {
    let model = try Model(opening: Fixture.path("micro/q1_0.gguf"))
    let all = try Conversion(of: model, to: .awq).tensors.moves
    let held = try #require(all.first { $0.needsStage })
    let flowing = all.filter { !$0.needsStage && $0.source.layout == .q1_0 }
    moves = [held] + flowing
    var run = TileRun(reader: model.reader, width: 1, tileByteCount: 1 << 10)
    // There are no bytes to pass by, but then the order counts.
    let stream = StreamSource(PassingBytes([]))
    run.passing = [9: PassingFile(source: stream, byteCounts: 0...0, windowByteCount: 0)]
    self.run = run
  }

  private func failing(
    _ job: @escaping @Sendable (_ tensor: Int) throws(FormatError) -> Void
  ) async -> FormatError? {
    await failure {
      try await run(moves, as: { _ in .q1_0 }) { (work, _, _) throws(FormatError) in
        try job(work.number)
      }
    }
  }

  @Test func aTensorThatIsHeld() async throws {
    let tileCount = moves.dropFirst().reduce(0) {
      $0 + run.tiling($1, as: .q1_0).count(of: $1.target.matrix)
    }
    #expect(tileCount >= 16)
    let seen = Mutex(0)
    // On threads of its own: other tests keep those that tasks share for longer than this may take.
    let error = await withTaskExecutorPreference(OwnThreads()) {
      await failing { (tensor) throws(FormatError) in
        guard tensor > 0 else { throw FormatError(.malformed, "held") }
        seen.withLock { $0 += 1 }
        for _ in 0..<100 where !Task.isCancelled { usleep(10_000) }
      }
    }
    #expect(error?.message == "held")
    #expect(seen.withLock { $0 } < tileCount)
  }

  @Test func whatComesFirstIsTold() async throws {
    let error = await failing { (tensor) throws(FormatError) in
      if tensor == 0 { usleep(50_000) }
      throw FormatError(.malformed, tensor == 0 ? "held" : "flowing")
    }
    #expect(error?.message == "held")
  }
}

private final class OwnThreads: TaskExecutor {
  private let queue = DispatchQueue(label: "tiles", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
