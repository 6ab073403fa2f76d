extension Validation {
  /// The name and version of the document; Specs/validate.md.
  public static let schema = "bonsai-fmt/validate/1"

  /// All that was found, as a document.
  public var json: JSONValue {
    [
      "schema": .string(Self.schema),
      "path": .string(path),
      "form": .optional(form?.rawValue),
      "profiles": .array(profiles.map { .string($0.rawValue) }),
      "errors": .integer(count(.error)),
      "warnings": .integer(count(.warning)),
      "notes": .integer(count(.note)),
      "findings": .array(findings.map { $0.json(for: profiles) }),
      "counts": .object(
        Rule.all.compactMap { rule in
          counts[rule.id].map { JSONValue.Member(rule.id, .integer($0)) }
        }),
    ]
  }
}

extension Finding {
  fileprivate func json(for profiles: [Profile]) -> JSONValue {
    [
      "id": .string(rule.id),
      "severity": .optional(rule.severity(for: profiles)?.rawValue),
      "title": .string(rule.title),
      "message": .string(message),
      "file": .optional(location.file),
      "offset": .optional(location.offset),
      "tensor": .optional(location.tensor),
      "row": .optional(location.row),
      "group": .optional(location.group),
      "count": .optional(count),
      "remedy": .string(rule.remedy),
    ]
  }
}

extension Rule {
  /// The name and version of the document that ``document`` is.
  public static let schema = "bonsai-fmt/rules/1"

  /// All rules, or one, as a document.
  public static func document(_ rules: [Rule]) -> JSONValue {
    ["schema": .string(schema), "rules": .array(rules.map(\.json))]
  }

  private var json: JSONValue {
    [
      "id": .string(id),
      "title": .string(title),
      "severity": .object(
        Profile.allCases.map { .init($0.rawValue, .optional(severity(for: $0)?.rawValue)) }),
      "reason": .string(reason),
      "remedy": .string(remedy),
      "origin": .string(origin),
    ]
  }
}
