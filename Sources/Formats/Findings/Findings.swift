/// What is found wrong while a model is read.
///
/// There is one reader for each format. Opening ends at the first thing that is wrong; validation
/// hands the same reader findings that collect, and it goes on where it can. What a reader cannot go
/// on after it throws in either case, as ``ending(_:_:)``.
struct Findings: Sendable {
  /// The findings that are kept of one rule: a file of a million tensors can have a million faults.
  static let keptPerRule = 100

  /// Whether the first finding is thrown.
  let isStrict: Bool
  private(set) var all: [Finding] = []
  /// How many there were of each rule, kept or not, by its id.
  private(set) var counts: [String: Int] = [:]
  /// The error that ended the reading of a file, when it has been taken down already.
  private var end: FormatError?

  /// Ends at the first finding.
  static var strict: Findings { Findings(isStrict: true) }
  /// Keeps all.
  static var collecting: Findings { Findings(isStrict: false) }

  private init(isStrict: Bool) { self.isStrict = isStrict }

  /// Takes down a finding after which the reader goes on.
  ///
  /// - Throws: `error`, when strict.
  mutating func report(_ rule: Rule, _ error: FormatError) throws(FormatError) {
    guard !isStrict else { throw error }
    add(rule, error)
  }

  /// The same where there may be a million: an error that is not kept is not made.
  mutating func report(_ rule: Rule, making error: () -> FormatError) throws(FormatError) {
    guard isStrict || keeps(rule) else { return count(rule) }
    try report(rule, error())
  }

  /// Whether another finding of a rule would be kept.
  func keeps(_ rule: Rule) -> Bool { counts[rule.id, default: 0] < Self.keptPerRule }

  private mutating func count(_ rule: Rule) { counts[rule.id, default: 0] += 1 }

  /// Takes down a finding after which a reader cannot go on.
  ///
  /// - Returns: The error to throw.
  mutating func ending(_ rule: Rule, _ error: FormatError) -> FormatError {
    guard !isStrict else { return error }
    add(rule, error)
    end = error
    return error
  }

  /// Takes down a finding.
  mutating func add(_ rule: Rule, _ error: FormatError, count: Int? = nil) {
    let isKept = keeps(rule)
    self.count(rule)
    guard isKept else { return }
    all.append(Finding(rule, error, count: count))
  }

  /// Runs what may end early. When collecting, the error is taken down and nothing comes back.
  ///
  /// - Parameters:
  ///   - file: What findings without a file are about.
  ///   - rule: The rule for an error that has not been taken down under one of its own.
  /// - Throws: Every error, when strict; otherwise those that say nothing about the model: of the
  ///   system, and cancellation.
  mutating func surviving<Result: ~Copyable>(
    file: String? = nil, rule: (FormatError) -> Rule = Rule.ofHeader,
    _ body: (inout Findings) throws(FormatError) -> Result
  ) throws(FormatError) -> Result? {
    let first = all.count
    do throws(FormatError) {
      let result = try body(&self)
      locate(from: first, file)
      return result
    } catch {
      guard !isStrict, error.code.isAboutInput else { throw error }
      close(error, rule: rule(error))
      locate(from: first, file)
      return nil
    }
  }

  /// A value, or what stands in for one that cannot be had, which is taken down.
  ///
  /// - Throws: The error, when strict.
  mutating func attempt<Result>(
    _ rule: (FormatError) -> Rule = Rule.ofConfig, or fallback: Result,
    _ value: @autoclosure () throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    do throws(FormatError) {
      return try value()
    } catch {
      try report(rule(error), error)
      return fallback
    }
  }

  /// How many findings there are, kept or not.
  var total: Int { counts.values.reduce(0, +) }

  /// Takes down the error that ended a reading, unless that has been done.
  mutating func close(_ error: FormatError, rule: Rule) {
    let isTakenDown = end?.message == error.message
    end = nil
    if !isTakenDown { add(rule, error) }
  }

  /// Adds a file to what `body` finds without one.
  mutating func locating<Result: ~Copyable>(
    _ file: String, _ body: (inout Findings) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    let first = all.count
    defer { locate(from: first, file) }
    do throws(FormatError) {
      return try body(&self)
    } catch {
      throw error.located(file: file)
    }
  }

  /// Adds the file to findings that do not know theirs.
  mutating func locate(from first: Int, _ file: String?) {
    guard let file else { return }
    for index in all.indices.dropFirst(first) where all[index].location.file == nil {
      all[index] = all[index].located(file: file)
    }
  }
}

extension FormatError.Code {
  /// Whether the error says something about the model, and not about the machine or the call.
  var isAboutInput: Bool {
    switch self {
    case .truncated, .malformed, .limit, .unsupported, .notFound, .notExact: true
    case .usage, .exists, .locked, .io, .proofFailed, .cancelled: false
    }
  }
}
