import Testing

@testable import Formats

/// Calls that are easily made beside the others: tests count them too.
@Suite struct SeamTests {
  @Test func directoriesAreClosed() async throws {
    let plan = FaultPlan()
    let error = await plan { _ = try SystemCalls.list(Fixture.path("micro")) }
    #expect(error == nil)
    #expect(plan.record.calls.first == .open && plan.record.calls.last == .closedir)
  }

  @Test func placesAreAskedFor() async throws {
    let file = try SystemCalls.open(Fixture.path("micro/q1_0.gguf"), 0)
    defer { try? SystemCalls.close(file, path: "") }
    let plan = FaultPlan([FaultPlan.Fault(call: 1, errno: 5)])
    let error = await plan {
      #expect(try SystemCalls.position(file, path: "f") == 0)
      _ = try SystemCalls.position(file, path: "f")
    }
    #expect(plan.record.calls == [.lseek, .lseek])
    #expect(error?.code == .io)
  }
}
