import Formats

/// What an error says when `body` throws one, `nil` otherwise.
func message(_ body: () throws(FormatError) -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return error.description
  }
}
