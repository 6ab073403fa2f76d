import Formats

extension Validation {
  /// What was found, rule by rule, and what to do about each; the sum last.
  func lines(_ style: Style) -> [String] {
    var lines: [String] = []
    for (index, finding) in findings.enumerated() {
      let severity = finding.rule.severity(for: profiles) ?? .note
      lines.append(
        severity.styled("\(severity.rawValue) \(finding.rule.id)", style)
          + ": \(finding.description)")
      let isLast = index + 1 == findings.count || findings[index + 1].rule != finding.rule
      guard isLast else { continue }
      let listed = findings.count { $0.rule == finding.rule }
      if let count = counts[finding.rule.id], count > listed {
        lines.append("  and \(Quantity.grouped(count - listed)) more like that")
      }
      lines.append(style.secondary("  \(finding.rule.remedy)"))
    }
    return lines + [style.heading(summary)]
  }

  private var summary: String {
    let whom = profiles.map(\.rawValue).joined(separator: ", ")
    let sums = Rule.Severity.allCases.reversed().compactMap { severity -> String? in
      let count = count(severity)
      guard count > 0 else { return nil }
      return "\(Quantity.grouped(count)) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }
    let found = sums.isEmpty ? "nothing is wrong" : sums.joined(separator: ", ")
    let hint = sums.isEmpty ? "" : "; 'bonsai-fmt explain ID' tells more"
    return "\(path.escapedForDisplay), for \(whom): \(found)\(hint)"
  }
}

extension Rule.Severity {
  fileprivate func styled(_ text: String, _ style: Style) -> String {
    self == .note ? style.secondary(text) : style.warning(text)
  }
}

extension Rule {
  /// The severity, and how it differs between readers.
  var severities: String {
    let own = severity(for: .spec)
    let others = Profile.allCases.filter { severity(for: $0) != own }.map {
      "\($0.rawValue): \(severity(for: $0)?.rawValue ?? "none")"
    }
    return ([own?.rawValue ?? "none"] + others).joined(separator: ", ")
  }

  /// All that is known about it.
  func lines(width: Int, _ style: Style) -> [String] {
    var lines = [style.heading("\(id)  \(title)"), ""]
    for (heading, text) in [
      ("severity", severities), ("why", reason), ("what to do", remedy), ("from", origin),
    ] {
      for (index, line) in text.wrapped(to: width - 14).enumerated() {
        lines.append("  " + (index == 0 ? heading : "").padded(to: 12) + line)
      }
    }
    return lines
  }
}
