/// Another order of a matrix's rows, within heads of equal size.
///
/// llama.cpp's Llama has the two rows of a rotated pair side by side; Hugging Face has all first rows
/// of a head's pairs and then all second ones. Rows are moved as they are; Specs/names.md §1.
struct RowMap: Sendable, Hashable {
  /// Rows of a head.
  let headRows: Int
  /// Whether pairs are taken apart (into Hugging Face's order) or brought together.
  let separatesPairs: Bool

  /// The row in the file that is row `row` in the other order.
  func stored(_ row: Int) -> Int {
    let (start, place) = (row - row % headRows, row % headRows)
    let half = headRows / 2
    return separatesPairs
      ? start + place % half * 2 + place / half
      : start + place % 2 * half + place / 2
  }
}
