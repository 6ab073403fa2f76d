import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program's two streams: data goes to `out`, everything else to `error`.
enum Console {
  static let out = OutputStream(descriptor: 1, name: "standard output")
  static let error = OutputStream(descriptor: 2, name: "standard error")

  static func isBrokenPipe(_ error: FormatError) -> Bool { error.errno == EPIPE }

  /// That of a program that the signal SIGPIPE has ended.
  static let brokenPipeStatus: Int32 = 128 + SIGPIPE

  static func leave(_ status: Int32) -> Never { exit(status) }

  /// COLUMNS where it is set, otherwise the width of the terminal; `nil` without either.
  static var width: Int? {
    if let asked = environment("COLUMNS").flatMap({ Int($0) }), asked > 0 {
      return min(asked, mostColumns)
    }
    guard isatty(1) == 1 else { return nil }
    var size = winsize()
    guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static let mostColumns = 10_000

  /// The descriptor of `out`, for a model that is written there.
  ///
  /// - Throws: `usage` for a terminal, which would show nothing that anybody can read.
  static func modelDescriptor() throws(FormatError) -> Int32 {
    guard isatty(1) == 0 else {
      throw FormatError(
        .usage, "standard output is a terminal: give a path with -o, or lead it to a program")
    }
    return 1
  }

  /// Whether `error` is a terminal, where progress can be shown.
  static var showsProgress: Bool { isatty(2) == 1 && environment("TERM") != "dumb" }

  /// Whether text on `out` may have colours: on a terminal, unless the user declined.
  static var hasColor: Bool {
    if environment("NO_COLOR").map({ !$0.isEmpty }) ?? false { return false }
    return isatty(1) == 1 && environment("TERM") != "dumb"
  }

  static var processorCount: Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
