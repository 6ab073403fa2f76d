// What a refusal says when it speaks for many.

extension FormatError {
  /// The same refusal with the number of groups, or values, that share its fate.
  func counting(_ count: Int, _ tensor: Tensor) -> FormatError {
    guard count > 1 else { return self }
    return FormatError(code, "\(message)\(others(count, tensor))")
      .located(
        file: location.file, tensor: location.tensor, row: location.row, group: location.group)
  }

  /// The reason alone, for a sentence that has named the tensor.
  func reasonWithPlace(of count: Int, in tensor: Tensor) -> String {
    let row = tensor.shape.count < 2 ? nil : location.row
    let place = [("row", row), ("group", location.group)].compactMap { name, number in
      number.map { "\(name) \($0)" }
    }
    let start = place.isEmpty ? "" : place.joined(separator: " ") + ": "
    return start + message + (count > 1 ? others(count, tensor) : "")
  }

  private func others(_ count: Int, _ tensor: Tensor) -> String {
    let unit = tensor.layout.groupSize == nil && location.group == nil ? "values" : "groups"
    return "; \(count) \(unit) of this tensor are like that"
  }
}
