/// Colours of a terminal, or none.
struct Style {
  let isColored: Bool

  func heading(_ text: String) -> String { wrap(text, "1") }
  func secondary(_ text: String) -> String { wrap(text, "2") }
  func warning(_ text: String) -> String { wrap(text, "1;33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColored && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
