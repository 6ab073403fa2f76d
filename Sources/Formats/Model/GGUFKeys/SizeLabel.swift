/// `general.size_label` where no name has one: the parameters with two digits, `525K`, `1.7B`.
enum SizeLabel {
  static func text(parameterCount count: Int) -> String {
    let units: [(above: Double, scale: Double, suffix: String)] = [
      (1e12, 1e-12, "T"), (1e9, 1e-9, "B"), (1e6, 1e-6, "M"),
    ]
    let unit = units.first { Double(count) > $0.above } ?? (0, 1e-3, "K")
    let scaled = Double(count) * unit.scale
    let whole = scaled.rounded(.toNearestOrEven)
    let digits = whole == 0 ? 0 : "\(Int(whole))".utf8.count
    return decimal(scaled, places: max(2 - digits, 0)) + unit.suffix
  }

  /// A number below 2^53 with so many places, as C prints it: halves of the number's exact value go
  /// to the even digit.
  private static func decimal(_ value: Double, places: Int) -> String {
    let scale = places == 0 ? 1 : places == 1 ? 10 : 100
    var quotient = Int(value * Double(scale))
    // The product above is rounded; the sum of product and difference here is not, in its sign.
    func excess(over number: Double) -> Double { (-number).addingProduct(value, Double(scale)) }
    while excess(over: Double(quotient)) < 0 { quotient -= 1 }
    let half = excess(over: Double(quotient) + 0.5)
    if half > 0 || (half == 0 && !quotient.isMultiple(of: 2)) { quotient += 1 }
    if places == 0 { return "\(quotient)" }
    let fraction = "\(quotient % scale)"
    let zeros = String(repeating: "0", count: places - fraction.utf8.count)
    return "\(quotient / scale)." + zeros + fraction
  }
}
