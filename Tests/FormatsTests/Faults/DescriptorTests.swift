import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A descriptor that is closed twice may be another file's by then, which loses its own.
@Suite("What fails is closed once")
struct DescriptorTests {
  @Test(arguments: [1, 2]) func outputs(call: Int) async throws {
    let folder = try TemporaryFolder()
    let plan = FaultPlan([.init(call: call, errno: ENOSPC)])
    let error = await plan { _ = try OutputFile(creating: folder("out"), byteCount: 10) }
    #expect(error?.errno == ENOSPC)
    #expect(plan.record.calls.count { $0 == .close } == 1)
  }

  @Test func inputs() async throws {
    let folder = try TemporaryFolder()
    try folder.write("file", [1])
    let directory = FaultPlan()
    let error = await directory { _ = try FileSource(path: folder.path) }
    #expect(error?.code == .unsupported)
    #expect(directory.record.calls.count { $0 == .close } == 1)
    let unknown = FaultPlan([.init(call: 1, errno: EIO)])
    #expect(await unknown { _ = try FileSource(path: folder("file")) }?.errno == EIO)
    #expect(unknown.record.calls.count { $0 == .close } == 1)
  }
}
