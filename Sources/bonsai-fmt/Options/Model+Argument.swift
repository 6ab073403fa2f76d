import Formats

extension Model {
  /// Opens what an argument names: a path, or standard input for `-`.
  init(argument: String, configFrom directory: String? = nil) throws(FormatError) {
    if argument == "-" {
      try self.init(reading: StreamSource.standardInput(), configDirectory: directory)
    } else {
      try self.init(opening: argument, configDirectory: directory)
    }
  }
}
