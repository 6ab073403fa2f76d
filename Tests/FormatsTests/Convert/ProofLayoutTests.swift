import Testing

@testable import Formats

@Suite("A proof does not encode dense values once more")
struct ProofLayoutTests {
  private func move(_ source: Layout, _ target: Layout) -> Move {
    Move(
      source: Tensor(name: "source", shape: [256, 256], layout: source, parts: []),
      target: Tensor(name: "target", shape: [256, 256], layout: target, parts: []))
  }

  @Test(arguments: [Layout.f16, .bf16, .f32], Layouts.all.filter { $0.groupSize != nil })
  func whatIsReadStraightOn(source: Layout, target: Layout) throws {
    let move = move(source, target)
    guard !move.needsStage, (try? ConversionGraph.standard.route(from: source, to: target)) != nil
    else { return }
    // Widening is all that happens to the source; the target is decoded.
    let widened = try ConversionGraph.standard.route(from: source, to: move.proofLayout)
    #expect(widened.layouts.allSatisfy { $0.groupSize == nil })
    #expect(try !ConversionGraph.standard.route(from: target, to: move.proofLayout).steps.isEmpty)
  }

  /// Signs of zeros may differ, all else may not.
  @Test func zeros() {
    var halves: [UInt8] = [0, 0x80, 0, 0xBC, 1, 0x80, 0x80, 0]
    Layout.f16.dropSignsOfZeros(&halves)
    #expect(halves == [0, 0, 0, 0xBC, 1, 0x80, 0x80, 0])
    var singles: [UInt8] = [0, 0, 0, 0x80, 0, 0, 0x80, 0xBF, 1, 0, 0, 0x80]
    Layout.f32.dropSignsOfZeros(&singles)
    #expect(singles == [0, 0, 0, 0, 0, 0, 0x80, 0xBF, 1, 0, 0, 0x80])
  }
}
