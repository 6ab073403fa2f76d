import Synchronization
import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("What is replaced belongs to the run that replaces it until it is gone")
struct ReplacedOutputTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func begin(_ kind: OutputTransaction.Kind) throws(FormatError) -> OutputTransaction {
    try OutputTransaction(folder("out"), kind, replacing: true, inputs: [])
  }

  private func makeOld(_ kind: OutputTransaction.Kind) throws {
    guard kind == .directory else { return _ = try folder.write("out", [1]) }
    try folder.makeFolder("out")
    for name in ["config.json", "model.safetensors"] { try folder.write("out/\(name)", [1]) }
  }

  /// The codes with which other runs begin, one before each call of a commit.
  private func codes(
    _ kind: OutputTransaction.Kind, canExchange: Bool
  ) throws -> [FormatError.Code?] {
    try makeOld(kind)
    let output = try begin(kind)
    for name in kind == .file ? [""] : ["config.json", "model.safetensors"] {
      let file = try output.create(name, byteCount: 0)
      try file.write([2], at: 0)
      try file.seal()
    }
    let codes = Mutex<[FormatError.Code?]>([])
    let interception = CallInterception { (call, _) in
      CallInterception.$current.withValue(nil) {
        do throws(FormatError) {
          _ = try begin(kind)
          codes.withLock { $0.append(nil) }
        } catch {
          codes.withLock { $0.append(error.code) }
        }
      }
      return call == .renameExchange && !canExchange ? .failed(EINVAL) : .made
    }
    let leftover = try CallInterception.$current.withValue(interception) { try output.commit() }
    #expect(leftover == nil)
    return codes.withLock { $0 }
  }

  @Test(arguments: [OutputTransaction.Kind.directory, .file], [true, false])
  func noOtherRunBeginsMeanwhile(kind: OutputTransaction.Kind, canExchange: Bool) throws {
    var codes = try codes(kind, canExchange: canExchange)
    // What is left is to let go of what is gone.
    #expect(codes.popLast() == .some(nil))
    #expect(codes.count > 10)
    #expect(codes.allSatisfy { $0 == .locked }, "\(codes)")
    #expect(try folder.names.contains("out"))
    #expect(try folder.bytes(kind == .file ? "out" : "out/model.safetensors") == [2])
  }

  /// What came there in the last moment is nobody's to remove.
  @Test func whatWasNotLookedAtIsKept() throws {
    try makeOld(.file)
    let output = try begin(.file)
    try output.create("", byteCount: 0).seal()
    let interception = CallInterception { (call, _) in
      guard call == .renameExchange else { return .made }
      return CallInterception.$current.withValue(nil) {
        try? SystemCalls.removeFile(folder("out"))
        _ = try? folder.write("out", [7, 7])
        return .made
      }
    }
    let leftover = try CallInterception.$current.withValue(interception) { try output.commit() }
    let kept = ".out.bonsai-fmt-partial-kept"
    #expect(leftover?.description == "\(folder(kept)): came there in the last moment, and is kept")
    _ = try begin(.file)
    _ = try Cleaning(folder.path)()
    #expect(try folder.bytes(kept) == [7, 7])
  }
}
