extension FormatError {
  /// Adds the row and the group of the tile's `block`-th block of 128.
  func located(block: Int, in tile: Tile) -> FormatError {
    let blocksPerRow = max(tile.columns.count / Q1_0.blockSize, 1)
    return located(
      row: tile.rows.lowerBound + block / blocksPerRow,
      group: tile.columns.lowerBound / Q1_0.blockSize + block % blocksPerRow)
  }
}
