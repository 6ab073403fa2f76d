import Testing

@testable import Formats

/// Triples whose sizes are zero: nothing may be divided by them.
@Suite struct EmptyTripleTests {
  @Test(arguments: [
    ([0, 16], [1, 16], [1, 128]), ([128, 0], [1, 0], [1, 0]), ([0, 0], [0, 0], [0, 0]),
    ([128, 16], [0, 16], [0, 128]),
  ])
  func awq(codes: [Int], zeros: [Int], scales: [Int]) throws {
    let plan = try SafetensorsPlan([
      .init(name: "a.qweight", type: .i32, shape: codes),
      .init(name: "a.qzeros", type: .i32, shape: zeros),
      .init(name: "a.scales", type: .f16, shape: scales),
    ])
    let folder = try TemporaryFolder()
    let padding = [UInt8](repeating: 0, count: plan.fileByteCount - plan.header.count)
    let path = try folder.write("model.safetensors", plan.header + padding)
    do {
      let model = try Model(opening: path)
      #expect(model.tensors.count == 1)
    } catch {
      #expect(error.code == .malformed)
      #expect(error.location.file == path)
    }
  }
}
