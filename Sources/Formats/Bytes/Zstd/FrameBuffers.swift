import Synchronization

/// What one task needs to work on frames; kept from frame to frame.
struct FrameBuffers: Sendable {
  var packed: [UInt8] = []
  var content: [UInt8] = []
}

/// Buffers for tasks that come and go.
final class FrameBufferPool: Sendable {
  private let spare = Mutex<[FrameBuffers]>([])

  func take() -> FrameBuffers { spare.withLock { $0.popLast() } ?? FrameBuffers() }

  func give(_ buffers: FrameBuffers) { spare.withLock { $0.append(buffers) } }
}
