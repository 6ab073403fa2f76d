/// Numbers as people read them.
enum Quantity {
  /// Bytes in binary units, with three significant digits: `1.07 GiB`.
  static func bytes(_ count: Int) -> String {
    scaled(Double(count), by: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB"])
  }

  /// Counts in decimal units: `8.19 B`.
  static func count(_ count: Int) -> String {
    scaled(Double(count), by: 1000, units: ["", "K", "M", "B", "T"])
  }

  /// A whole number in groups of three digits: `151,669`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    guard digits.utf8.count > 3 else { return number < 0 ? "-" + digits : digits }
    var text = number < 0 ? [UInt8(ascii: "-")] : []
    var left = digits.utf8.count
    for digit in digits.utf8 {
      text.append(digit)
      left -= 1
      if left > 0 && left % 3 == 0 { text.append(UInt8(ascii: ",")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A number of things: `1 file`, `12 files`.
  static func counted(_ number: Int, _ thing: String) -> String {
    "\(grouped(number)) \(thing)\(number == 1 ? "" : "s")"
  }

  /// A number with so many digits after the point.
  static func decimal(_ value: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let rounded = (value * scale).rounded()
    guard rounded.magnitude < 1e18 else { return "\(value)" }
    let whole = Int(rounded / scale)
    guard places > 0 else { return String(whole) }
    let fraction = String(Int(rounded) % Int(scale))
    return "\(whole).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }

  private static func scaled(_ value: Double, by base: Double, units: [String]) -> String {
    var value = value
    var index = 0
    while value >= base && index + 1 < units.count {
      value /= base
      index += 1
    }
    let places = index == 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0
    let number = decimal(value, places: places)
    return units[index].isEmpty ? number : "\(number) \(units[index])"
  }
}
