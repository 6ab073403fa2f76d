/// That fewer threads are at work than were asked for, because of the memory that they would take.
public struct ThreadShortage: Sendable, Hashable {
  /// How many are at work.
  public let atWork: Int
  /// How many were asked for.
  public let wanted: Int
  /// The memory that is enough for all of them.
  public let enoughByteCount: Int

  /// What is said of it.
  public var note: String { "\(atWork) of \(wanted) threads are at work: \(wayOut)" }

  /// What would let all of them work.
  public var wayOut: String {
    "--max-memory \((enoughByteCount + (1 << 20) - 1) >> 20)MiB is enough for all"
  }
}
