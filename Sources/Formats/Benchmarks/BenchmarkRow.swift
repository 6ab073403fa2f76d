/// One line of a benchmark: what was measured, beside its yardstick, and what is wanted of it.
package struct BenchmarkRow: Sendable {
  /// What was done.
  package let name: String
  /// The runs, and the seconds of the yardstick in each of them, where there is one.
  package internal(set) var runs: [Measured] = []
  package internal(set) var yardsticks: [Double] = []
  /// What the yardstick is.
  package var yardstick: String?
  /// The bytes by which user time is counted: the larger side of a conversion.
  package var byteCount: Int?
  package var target = Target()

  /// What is wanted; `nil` where nothing is.
  package struct Target: Sendable {
    package var ratio: Double?
    package var userSecondsPerGB: Double?
    package var seconds: Double?
    package var peakByteCount: Int?
  }

  /// Seconds of the runs.
  package var seconds: Spread? { Spread(runs.map(\.seconds)) }
  /// Each run by its own yardstick.
  package var ratio: Spread? { Spread(zip(runs, yardsticks).map { $0.seconds / $1 }) }
  /// Seconds of user time for 10⁹ bytes.
  package var userSecondsPerGB: Spread? {
    byteCount.flatMap { count in Spread(runs.map { $0.userSeconds / Double(count) * 1e9 }) }
  }
  /// The most memory of any run.
  package var peakByteCount: Int? { runs.compactMap(\.peakByteCount).max() }
}

/// The least, the middle and the largest of several figures.
package struct Spread: Sendable, Hashable {
  package let least: Double
  package let median: Double
  package let largest: Double

  /// - Returns: `nil` where there are none.
  package init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    least = first
    largest = last
    median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
