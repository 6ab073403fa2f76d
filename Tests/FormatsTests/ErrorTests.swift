import Formats
import Testing

@Test func errorsNameThePlace() {
  let error = FormatError(.truncated, "need 18 bytes, have 4", at: 6749)
    .located(file: "model.gguf", tensor: "a\u{1b}b")
  #expect(
    error.description == "model.gguf:6749: tensor \u{27}a\\u{1b}b\u{27}: need 18 bytes, have 4")
}

@Test func longNamesAreCut() {
  let name = String(repeating: "n", count: 199)
  let error = FormatError(.malformed, "bad").located(tensor: name + "x")
  #expect(error.description == "tensor '\(name)x': bad")
  let longer = FormatError(.malformed, "bad").located(tensor: name + "xy")
  #expect(longer.description == "tensor '\(name)x…': bad")
}
