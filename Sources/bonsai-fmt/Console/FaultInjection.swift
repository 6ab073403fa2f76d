#if DEBUG
  import Formats
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// What tests of the whole program do to its system calls. Builds for release do not have it.
  ///
  /// `BONSAI_FMT_FAULT=errno:28@12` lets the twelfth call fail with error number 28, `errno:28@12+` each
  /// from there on; `signal:9@12` sends a signal to the program before that call.
  struct FaultInjection: Sendable {
    private enum Fault { case errno(Int32), signal(Int32) }

    private let fault: Fault
    private let calls: ClosedRange<Int>

    private init?(_ text: String) {
      let halves = text.split(separator: "@")
      let words = halves.first?.split(separator: ":") ?? []
      guard halves.count == 2, words.count == 2, let number = Int32(words[1]) else { return nil }
      let isLasting = halves[1].last == "+"
      guard let call = Int(isLasting ? halves[1].dropLast() : halves[1]) else { return nil }
      fault = words[0] == "signal" ? .signal(number) : .errno(number)
      calls = call...(isLasting ? .max : call)
    }

    private var interception: CallInterception {
      let count = CallCounter()
      return CallInterception { [fault, calls] (_, _) in
        guard calls.contains(count.next()) else { return .made }
        switch fault {
        case .errno(let number): return .failed(number)
        case .signal(let number):
          _ = kill(getpid(), number)
          return .made
        }
      }
    }

    static func bound(_ body: () async -> Void) async {
      guard let value = unsafe getenv("BONSAI_FMT_FAULT"),
        let injection = FaultInjection(unsafe String(cString: value))
      else { return await body() }
      await CallInterception.$current.withValue(injection.interception, operation: body)
    }
  }

  private final class CallCounter: Sendable {
    private let count = Atomic<Int>(0)
    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
  }
#endif
