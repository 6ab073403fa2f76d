import Synchronization

/// The digest of one tensor in the making: its leaves come from many tasks, in any order.
final class TensorDigest: Sendable {
  /// The Hugging Face name.
  let name: String
  /// Where the weights are read, rows in Hugging Face's order.
  let tensor: Tensor
  private let grid: LeafGrid
  private let state: Mutex<State>

  private struct State {
    var kind: Fingerprint.Kind
    var leaves: [UInt8] = []
    var missing: Int
    var result: Fingerprint.Tensor?
  }

  /// Takes the ordinary case of a matrix to be 1-bit; ``refute()`` says otherwise.
  convenience init(name: String, tensor: Tensor) {
    let isOneBit =
      tensor.shape.count >= 2 && tensor.elementCount > 0 && Layout.q1_0.fits(tensor.matrix)
    self.init(name: name, tensor: tensor, as: isOneBit ? .oneBit : .dense)
  }

  /// Takes the tensor for that.
  init(name: String, tensor: Tensor, as kind: Fingerprint.Kind) {
    self.name = name
    self.tensor = tensor
    grid = LeafGrid(matrix: tensor.matrix)
    let result =
      grid.count == 0
      ? Fingerprint.Tensor(name: name, shape: tensor.shape, kind: kind, leaves: []) : nil
    state = Mutex(State(kind: kind, missing: grid.count, result: result))
  }

  /// What the tensor is taken for.
  var kind: Fingerprint.Kind { state.withLock { $0.kind } }

  /// The digest, when every leaf has been hashed.
  var result: Fingerprint.Tensor? { state.withLock { $0.result } }

  /// The matrix turned out not to be 1-bit: what was hashed so far is forgotten. Several tasks may come
  /// upon that, one of them late.
  func refute() {
    state.withLock {
      guard $0.kind == .oneBit else { return }
      $0.kind = .dense
      $0.leaves = []
      $0.missing = grid.count
    }
  }

  /// Forgets what was hashed of a tensor that is about to be read from the start, so that no leaf
  /// counts twice.
  func restart() {
    state.withLock {
      guard $0.result == nil else { return }
      $0.leaves = []
      $0.missing = grid.count
    }
  }

  /// Hashes the leaves of a tile.
  func add(_ tile: Tile, _ bytes: [UInt8], as kind: Fingerprint.Kind, scratch: inout [UInt8]) {
    var found: [(number: Int, digest: Digest)] = []
    found.reserveCapacity(LeafGrid.leafCount(of: tile))
    grid.hash(tile, bytes, as: kind, scratch: &scratch) { found.append(($0, $1)) }
    state.withLock { state in
      // Another task may have come upon a group that is not 1-bit.
      guard state.kind == kind, state.result == nil else { return }
      state.leaves.resize(to: grid.count * Digest.byteCount)
      state.leaves.withMutableBytes { leaves in
        for (number, digest) in found { digest.store(in: &leaves, at: number * Digest.byteCount) }
      }
      state.missing -= found.count
      guard state.missing == 0 else { return }
      state.result = Fingerprint.Tensor(
        name: name, shape: tensor.shape, kind: kind, leaves: state.leaves)
      state.leaves = []
    }
  }
}
