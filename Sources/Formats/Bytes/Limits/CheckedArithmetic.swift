/// Sums and products of numbers that came from a file: an overflow is an error, never a trap and
/// never a wrapped result.
extension Int {
  /// The sum, or an error that says what it was the sum of.
  func adding(_ other: Int, _ what: @autoclosure () -> String) throws(FormatError) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    guard !overflow else { throw FormatError(.malformed, "\(what()) overflows 64 bits") }
    return sum
  }

  /// The product, or an error that says what it was the product of.
  func multiplied(by other: Int, _ what: @autoclosure () -> String) throws(FormatError) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw FormatError(.malformed, "\(what()) overflows 64 bits") }
    return product
  }

  /// The next multiple of a positive alignment.
  func aligned(to alignment: Int, _ what: @autoclosure () -> String) throws(FormatError) -> Int {
    let rest = self % alignment
    return rest == 0 ? self : try adding(alignment - rest, what())
  }
}

/// The same for numbers that only say how large something is: what cannot be counted is as large as
/// can be, and nothing has room for it.
extension Int {
  /// The sum, or the largest number where it would be larger.
  func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product of what is not negative, or the largest number where it would be larger.
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// How many pieces it takes, all but the last of a positive size.
  func pieces(of size: Int) -> Int {
    let (whole, rest) = quotientAndRemainder(dividingBy: size)
    return rest == 0 ? whole : whole + 1
  }
}

extension Sequence {
  /// The sum of a number of each element, or the largest number where it would be larger.
  func saturatingSum(of number: (Element) -> Int) -> Int {
    reduce(0) { $0.saturatingSum(number($1)) }
  }
}

extension [Int] {
  /// The number of elements of a shape; 1 for rank 0.
  func elementCount() throws(FormatError) -> Int {
    // A zero wins over any overflow: such a tensor is empty, however large its other sizes.
    if contains(0) { return 0 }
    var count = 1
    for size in self { count = try count.multiplied(by: size, "the number of elements") }
    return count
  }
}
