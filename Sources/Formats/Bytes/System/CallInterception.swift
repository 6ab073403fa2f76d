/// What a test does to the system calls of its own task.
///
/// It is bound to a task and what that starts, and only code of this package can bind it: nothing that
/// comes from outside, and no other task of the process, ever meets it. Builds for release do not ask.
package struct CallInterception: Sendable {
  /// What becomes of a call.
  package enum Outcome: Sendable {
    /// It is made, and moves at most so many bytes.
    case made(atMost: Int)
    /// It is made, and moves half of what it was to move.
    case halved
    /// It is not made, and fails with an error number.
    case failed(Int32)
    /// It is made, and fails nevertheless: so do network file systems that lose the answer.
    case madeAndFailed(Int32)

    /// It is made as it is.
    package static let made = Outcome.made(atMost: .max)
  }

  /// The one of this task.
  @TaskLocal package static var current: CallInterception?

  private let decide: @Sendable (SystemCalls.Call, String) -> Outcome

  /// - Parameter decide: Told each call and its path, from any thread, before it is made.
  package init(_ decide: @escaping @Sendable (SystemCalls.Call, String) -> Outcome) {
    self.decide = decide
  }

  static func outcome(of call: SystemCalls.Call, _ path: String) -> Outcome {
    #if DEBUG
      current?.decide(call, path) ?? .made
    #else
      .made
    #endif
  }
}
