extension FormatError {
  static func changed(_ path: String) -> FormatError {
    FormatError(.io, "the file was changed while it was read").located(file: path)
  }

  static func replaced(_ path: String) -> FormatError {
    FormatError(.io, "the file was replaced or removed while it was read").located(file: path)
  }

  /// This error, or that a file which has been seen is no longer there.
  func unlessRemoved(_ path: String) throws(FormatError) -> FormatError {
    guard code == .notFound, try SystemCalls.linkStatus(path) == nil else { return self }
    return .replaced(path)
  }

  /// This error, or that an input is no longer what it was when it was opened: then what was found in
  /// it says nothing about either of the two.
  func unlessChanged(_ check: () throws(FormatError) -> Void) -> FormatError {
    guard code != .io && code != .cancelled else { return self }
    do throws(FormatError) {
      try check()
      return self
    } catch {
      return error
    }
  }
}
