import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Console {
  /// Says what was done, when the output is in its place already.
  ///
  /// - Throws: `io` where the report is lost; that nobody wants to hear it, or wait for who does, is no
  ///   failure.
  static func report(_ body: () throws(FormatError) -> Void) throws(FormatError) {
    do throws(FormatError) {
      try body()
      try out.flush()
      try error.flush()
    } catch {
      guard error.errno != EPIPE, error.errno != EBADF, error.code != .cancelled else { return }
      throw FormatError(
        .io, "the output is complete, but the report on it is not: \(error.description)",
        errno: error.errno)
    }
  }
}
