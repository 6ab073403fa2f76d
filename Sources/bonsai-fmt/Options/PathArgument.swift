import ArgumentParser

/// What names files in commands that look at them more than once, or make them out of order.
enum PathArgument {
  /// - Throws: A sentence about the command line where one of them is standard input.
  static func check(_ arguments: String...) throws {
    guard !arguments.contains("-") else {
      throw ValidationError("Only inspect and convert read standard input: give a path.")
    }
  }

  /// - Throws: The same where what is made would go to standard output.
  static func check(output: String?) throws {
    guard output != "-" else {
      throw ValidationError("Only convert and sample write to standard output: give a path.")
    }
  }
}
