/// What a piece of work took.
package struct Measured: Sendable, Hashable {
  package var seconds: Double
  package var userSeconds: Double
  /// The most memory that its process held, where it had one of its own.
  package var peakByteCount: Int?

  /// Measures work of this process.
  package init(_ body: () throws(FormatError) -> Void) throws(FormatError) {
    let user = SystemCalls.usedUserSeconds
    let start = ContinuousClock.now
    try body()
    seconds = (ContinuousClock.now - start) / .seconds(1)
    userSeconds = SystemCalls.usedUserSeconds - user
  }

  init(seconds: Double, userSeconds: Double, peakByteCount: Int) {
    self.seconds = seconds
    self.userSeconds = userSeconds
    self.peakByteCount = peakByteCount
  }
}
