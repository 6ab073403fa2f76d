/// A rule that a model breaks, and where.
public struct Finding: Sendable, Hashable {
  /// The rule.
  public let rule: Rule
  /// What was needed and what is there: the sentence that opening the model would end with.
  public let message: String
  /// Where.
  public let location: FormatError.Location
  /// How often, where the finding stands for many groups or values of a tensor.
  public let count: Int?

  init(_ rule: Rule, _ error: FormatError, count: Int? = nil) {
    self.rule = rule
    message = error.message
    location = error.location
    self.count = count
  }

  /// One line for people, without the rule; text of the file is escaped.
  public var description: String { error.description }

  /// As an error, of what was opened.
  var error: FormatError {
    FormatError(.malformed, message).located(
      file: location.file, offset: location.offset, tensor: location.tensor, row: location.row,
      group: location.group)
  }

  /// The same with its file, where that is not known yet.
  func located(file: String) -> Finding { Finding(rule, error.located(file: file), count: count) }
}
