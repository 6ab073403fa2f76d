#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file, read by offset.
///
/// Opened once, read-only, and never mapped: a file that shrinks while it is read is an error here,
/// and a signal that kills the program under a mapping.
public final class FileSource: ByteSource {
  /// The path, as the caller gave it.
  public let name: String
  /// The size when the file was opened.
  public var byteCount: Int? { status.byteCount }

  private let descriptor: Int32
  private let hasPath: Bool
  package let status: SystemCalls.Status

  /// Opens a file.
  ///
  /// - Throws: ``FormatError`` with code `notFound`, `io`, or `unsupported` for anything that is not
  ///   a regular file.
  public convenience init(path: String) throws(FormatError) {
    try self.init(SystemCalls.open(path, O_RDONLY), name: path, hasPath: true)
  }

  /// Opens a file of a directory that may come from a stranger.
  ///
  /// A link is followed to another file of the same directory, and to where the cache of Hugging
  /// Face keeps its files, but not elsewhere: what is read here is copied into what is published.
  ///
  /// - Parameters:
  ///   - name: The file's name; without separators, for it may come from a file too.
  ///   - directory: The directory.
  /// - Throws: as ``init(path:)``; `unsupported` for a link that leads elsewhere.
  package convenience init(member name: String, of directory: String) throws(FormatError) {
    let path = Paths.join(directory, name)
    var place = path
    // Links of links end sooner, unless they lead in a circle.
    for _ in 0..<8 {
      do throws(FormatError) {
        try self.init(SystemCalls.open(place, O_RDONLY | O_NOFOLLOW), name: path, hasPath: true)
        return
      } catch  where error.errno == ENOENT && place != path {
        throw FormatError(
          .notFound, "the file is a link that leads to \(place.quoted()), which is missing"
        ).located(file: path)
      } catch  where error.errno == ELOOP {
        guard let target = try SystemCalls.linkTarget(place) else { continue }
        guard Self.staysInside(target) else { throw Self.leadsElsewhere(path) }
        place = Paths.join(Paths.parent(of: place), target)
      } catch {
        throw error
      }
    }
    throw FormatError(.unsupported, "the file is a link that leads back to itself")
      .located(file: path)
  }

  private static func leadsElsewhere(_ path: String) -> FormatError {
    FormatError(
      .unsupported,
      "the file is a link that leads out of its directory; a copy of what it leads to can be read"
    ).located(file: path)
  }

  /// Whether a link leads to a file beside it, or to `../../blobs/` and a hash.
  private static func staysInside(_ target: String) -> Bool {
    let parts = target.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let last = parts.last, !last.isEmpty, !last.elementsEqual("..".utf8) else { return false }
    guard parts.count > 1 else { return true }
    let isHash = last.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
    return isHash && (last.count == 40 || last.count == 64) && parts.count > 3
      && parts[parts.count - 2].elementsEqual("blobs".utf8)
      && parts.dropLast(2).allSatisfy { $0.elementsEqual("..".utf8) }
  }

  /// The same for a name that has been seen in the directory: what is gone by now was removed.
  convenience init(seen name: String, of directory: String) throws(FormatError) {
    do throws(FormatError) {
      try self.init(member: name, of: directory)
    } catch {
      throw try error.unlessRemoved(Paths.join(directory, name))
    }
  }

  /// Reads what another descriptor has open.
  convenience init(duplicating descriptor: Int32, name: String) throws(FormatError) {
    try self.init(
      SystemCalls.duplicate(descriptor, path: name), name: name, hasPath: false)
  }

  private init(
    _ descriptor: Int32, name path: String, hasPath: Bool
  ) throws(FormatError) {
    let status: SystemCalls.Status
    // Before there is anything to deinitialize, which would close it once more.
    do throws(FormatError) {
      status = try SystemCalls.status(descriptor, path: path)
      guard status.isRegular else {
        throw Self.notAFile(status).located(file: path)
      }
    } catch {
      try? SystemCalls.close(descriptor, path: path)
      throw error
    }
    name = path
    self.hasPath = hasPath
    self.descriptor = descriptor
    self.status = status
  }

  private static func notAFile(_ status: SystemCalls.Status) -> FormatError {
    FormatError(
      .unsupported,
      status.isDirectory
        ? "needed a file, this is a directory"
        : "needed a regular file, this is a device, a socket or a pipe; give a pipe as standard "
          + "input, '-'")
  }

  deinit {
    try? SystemCalls.close(descriptor, path: name)
  }

  /// Reads; see ``ByteSource/read(at:into:)``.
  public func read(
    at offset: Int, into destination: inout MutableRawSpan
  ) throws(FormatError) -> Int {
    guard offset >= 0 else { return 0 }
    return try unsafe destination.withUnsafeMutableBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < buffer.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let count = try unsafe SystemCalls.read(
          descriptor, into: rest, at: offset + done, path: name)
        if count == 0 { break }
        done += count
      }
      // Bytes that were there are gone: nothing that is made of the rest would mean anything.
      guard done == buffer.count || offset + done >= status.byteCount else { throw .changed(name) }
      return done
    }
  }

  /// Throws when the file is no longer what it was when it was opened: other size, time or inode, or
  /// another file of that name.
  public func checkUnchanged() throws(FormatError) {
    guard try SystemCalls.status(descriptor, path: name) == status else { throw .changed(name) }
    guard hasPath else { return }
    guard try SystemCalls.status(name)?.isSameFile(as: status) == true else {
      throw .replaced(name)
    }
  }
}
