import Formats

extension Model {
  /// Opens what an argument names: a path, or standard input for `-`.
  init(
    argument: String, configFrom directory: String? = nil, limits: Limits
  ) throws(FormatError) {
    if argument == "-" {
      try self.init(
        reading: StreamSource.standardInput(limits: limits), configDirectory: directory,
        limits: limits)
    } else {
      try self.init(opening: argument, configDirectory: directory, limits: limits)
    }
  }
}
