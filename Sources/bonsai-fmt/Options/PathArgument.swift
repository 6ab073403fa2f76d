import ArgumentParser

/// What names files in commands that look at them more than once.
enum PathArgument {
  /// - Throws: A sentence about the command line where one of them is standard input.
  static func check(_ arguments: String...) throws {
    guard !arguments.contains("-") else {
      throw ValidationError("Only inspect and convert read standard input: give a path.")
    }
  }
}
