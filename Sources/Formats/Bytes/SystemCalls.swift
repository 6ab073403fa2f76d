import CShims

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Every call to the system's files that this project makes, library and command line alike.
///
/// One function per call: it repeats what was interrupted, looks at every result, and turns an error
/// number into a ``FormatError`` that names the operation and the path.
package enum SystemCalls {
  /// What a file is, and the facts by which a change is noticed.
  package struct Status: Sendable, Hashable {
    package var device: UInt64
    package var inode: UInt64
    package var byteCount: Int
    package var modifiedSeconds: Int
    package var modifiedNanoseconds: Int
    package var isRegular: Bool
    package var isDirectory: Bool
  }

  /// Opens a path. Never blocks on a FIFO, never leaks into a child process.
  package static func open(
    _ path: String, _ flags: Int32, mode: UInt16 = 0o666
  ) throws(FormatError) -> Int32 {
    try call("open", path) {
      #if canImport(Glibc)
        unsafe Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
      #elseif canImport(Musl)
        unsafe Musl.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
      #else
        unsafe Darwin.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
      #endif
    }
  }

  package static func close(_ descriptor: Int32, path: String) throws(FormatError) {
    // Not repeated after EINTR: the descriptor is gone already, and may be another file's by then.
    #if canImport(Glibc)
      let result = Glibc.close(descriptor)
    #elseif canImport(Musl)
      let result = Musl.close(descriptor)
    #else
      let result = Darwin.close(descriptor)
    #endif
    if result != 0 && errno != EINTR { throw failure("close", path, errno) }
  }

  /// A second descriptor of the same open file; a lock on one is a lock on both.
  package static func duplicate(_ descriptor: Int32, path: String) throws(FormatError) -> Int32 {
    try call("duplicate", path) { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
  }

  package static func status(_ descriptor: Int32, path: String) throws(FormatError) -> Status {
    var value = stat()
    _ = try call("look at", path) { unsafe fstat(descriptor, &value) }
    return Status(value)
  }

  /// The status of a path, or `nil` when nothing is there. Follows links.
  package static func status(_ path: String) throws(FormatError) -> Status? {
    try missingIsNil { () throws(FormatError) in
      var value = stat()
      _ = try call("look at", path) { unsafe stat(path, &value) }
      return Status(value)
    }
  }

  /// The status of a path itself, or `nil` when nothing is there. Does not follow a link.
  package static func linkStatus(_ path: String) throws(FormatError) -> Status? {
    try missingIsNil { () throws(FormatError) in
      var value = stat()
      _ = try call("look at", path) { unsafe lstat(path, &value) }
      return Status(value)
    }
  }

  /// Where a link leads, or `nil` for what is no link.
  package static func linkTarget(_ path: String) throws(FormatError) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    do throws(FormatError) {
      let count = try call("follow", path) { unsafe readlink(path, &buffer, buffer.count) }
      return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    } catch  where error.errno == EINVAL {
      return nil
    } catch {
      throw error
    }
  }

  /// Reads once; 0 means the end.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int, path: String
  ) throws(FormatError) -> Int {
    try call("read", path, at: offset) {
      unsafe pread(descriptor, buffer.baseAddress, min(buffer.count, largestCall), off_t(offset))
    }
  }

  /// Reads once from a descriptor that has a position: a pipe, a terminal; 0 means the end.
  package static func take(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String
  ) throws(FormatError) -> Int {
    try call("read", path) {
      let count = min(buffer.count, largestCall)
      #if canImport(Glibc)
        return unsafe Glibc.read(descriptor, buffer.baseAddress, count)
      #elseif canImport(Musl)
        return unsafe Musl.read(descriptor, buffer.baseAddress, count)
      #else
        return unsafe Darwin.read(descriptor, buffer.baseAddress, count)
      #endif
    }
  }

  /// Whether there is something to read, the end included, before the time is over.
  package static func hasInput(
    _ descriptor: Int32, path: String, within milliseconds: Int32
  ) throws(FormatError) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return try call("wait for", path) { unsafe poll(&request, 1, milliseconds) } > 0
  }

  /// Where a descriptor stands, or `nil` for one that has no offsets.
  package static func position(_ descriptor: Int32) -> Int? {
    let offset = lseek(descriptor, 0, SEEK_CUR)
    return offset < 0 ? nil : Int(offset)
  }

  /// Writes once; may write less than it was given.
  package static func write(
    _ descriptor: Int32, from buffer: UnsafeRawBufferPointer, at offset: Int, path: String
  ) throws(FormatError) -> Int {
    try call("write", path, at: offset) {
      unsafe pwrite(descriptor, buffer.baseAddress, min(buffer.count, largestCall), off_t(offset))
    }
  }

  /// Writes to a descriptor that has a position: a terminal, a pipe. May write less than given.
  package static func append(
    _ descriptor: Int32, from buffer: UnsafeRawBufferPointer, path: String
  ) throws(FormatError) -> Int {
    try call("write", path) {
      #if canImport(Glibc)
        unsafe Glibc.write(descriptor, buffer.baseAddress, min(buffer.count, largestCall))
      #elseif canImport(Musl)
        unsafe Musl.write(descriptor, buffer.baseAddress, min(buffer.count, largestCall))
      #else
        unsafe Darwin.write(descriptor, buffer.baseAddress, min(buffer.count, largestCall))
      #endif
    }
  }

  /// Writes all of the bytes to a descriptor that has a position.
  package static func appendAll(
    _ descriptor: Int32, _ bytes: [UInt8], path: String
  ) throws(FormatError) {
    try bytes.withBytes { (span) throws(FormatError) in
      try appendAll(descriptor, span, path: path)
    }
  }

  static func appendAll(
    _ descriptor: Int32, _ bytes: RawSpan, path: String
  ) throws(FormatError) {
    try unsafe bytes.withUnsafeBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < buffer.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        done += try unsafe append(descriptor, from: rest, path: path)
      }
    }
  }

  package static func setLength(
    _ descriptor: Int32, to count: Int, path: String
  ) throws(FormatError) {
    _ = try call("set the length of", path) { ftruncate(descriptor, off_t(count)) }
  }

  /// Reserves disk blocks; says nothing where the file system cannot.
  package static func reserve(_ descriptor: Int32, _ count: Int, path: String) throws(FormatError) {
    guard count > 0 else { return }
    let result = bonsai_reserve(descriptor, Int64(count))
    if result == ENOSPC || result == EDQUOT || result == EFBIG {
      throw failure("reserve \(count) bytes for", path, result)
    }
  }

  package static func startWriteback(_ descriptor: Int32, at offset: Int, count: Int) {
    bonsai_start_writeback(descriptor, Int64(offset), Int64(count))
  }

  package static func synchronize(_ descriptor: Int32, path: String) throws(FormatError) {
    _ = try call("make durable", path) { bonsai_full_sync(descriptor) }
  }

  /// Locks a file or directory for this run alone.
  ///
  /// - Returns: `false` when another run holds it.
  package static func lock(_ descriptor: Int32, path: String) throws(FormatError) -> Bool {
    do {
      _ = try call("lock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
      return true
    } catch  where error.errno == EWOULDBLOCK {
      return false
    } catch {
      throw error
    }
  }

  package static func makeDirectory(_ path: String) throws(FormatError) {
    _ = try call("create", path) { unsafe mkdir(path, 0o777) }
  }

  package static func rename(_ path: String, to target: String) throws(FormatError) {
    _ = try call("rename to \(target)", path) {
      #if canImport(Glibc)
        unsafe Glibc.rename(path, target)
      #elseif canImport(Musl)
        unsafe Musl.rename(path, target)
      #else
        unsafe Darwin.rename(path, target)
      #endif
    }
  }

  /// Renames unless something is there: throws EEXIST then, ENOSYS or EINVAL where it cannot be asked.
  package static func renameExclusively(_ path: String, to target: String) throws(FormatError) {
    _ = try call("rename to \(target)", path) { unsafe bonsai_rename_exclusive(path, target) }
  }

  /// Exchanges two paths: throws ENOSYS or EINVAL where the file system cannot.
  package static func exchange(_ path: String, with other: String) throws(FormatError) {
    _ = try call("exchange with \(other)", path) { unsafe bonsai_rename_exchange(path, other) }
  }

  package static func removeFile(_ path: String) throws(FormatError) {
    _ = try call("remove", path) { unsafe unlink(path) }
  }

  package static func removeDirectory(_ path: String) throws(FormatError) {
    _ = try call("remove", path) { unsafe rmdir(path) }
  }

  /// Removes a file, or a directory with all that is in it. Goes by the bytes of names, which need
  /// not be text, and never follows a link.
  package static func removeTree(_ path: String) throws(FormatError) {
    guard let status = try linkStatus(path) else { return }
    guard status.isDirectory else { return try removeFile(path) }
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try removeEntries(descriptor, path: path)
    try removeDirectory(path)
  }

  /// Removes what is in a directory, and closes its descriptor.
  private static func removeEntries(_ descriptor: Int32, path: String) throws(FormatError) {
    guard let directory = unsafe fdopendir(descriptor) else {
      let number = errno
      try? close(descriptor, path: path)
      throw failure("list", path, number)
    }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      guard name != [46, 0], name != [46, 46, 0] else { continue }
      let inner = unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if inner >= 0 { try removeEntries(inner, path: path) }
      _ = try call("remove what is in", path) {
        unsafe unlinkat(descriptor, name, inner >= 0 ? AT_REMOVEDIR : 0)
      }
    }
  }

  /// The names in a directory, without `.` and `..`, in byte order.
  package static func list(_ path: String) throws(FormatError) -> [String] {
    guard let directory = unsafe opendir(path) else { throw failure("list", path, errno) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(directory) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    if errno != 0 { throw failure("list", path, errno) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// How many bytes an unprivileged writer may still put on the file system of a path.
  package static func freeBytes(_ path: String) throws(FormatError) -> Int {
    var value = statvfs()
    _ = try call("ask for the free space of", path) { unsafe statvfs(path, &value) }
    let (bytes, overflow) = Int(clamping: value.f_bavail)
      .multipliedReportingOverflow(by: Int(clamping: value.f_frsize))
    return overflow ? .max : bytes
  }

  /// The path without links and dots, or `nil` when nothing is there.
  package static func resolve(_ path: String) throws(FormatError) -> String? {
    guard let resolved = unsafe realpath(path, nil) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("resolve", path, errno)
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Linux takes at most 2 GiB less a page in one call, Darwin refuses more than 2 GiB.
  private static let largestCall = 1 << 30

  private static func call<Number: SignedInteger>(
    _ operation: @autoclosure () -> String, _ path: String, at offset: Int? = nil,
    _ body: () -> Number
  ) throws(FormatError) -> Number {
    while true {
      let result = body()
      if result >= 0 { return result }
      let number = errno
      if number == EINTR { continue }
      throw failure(operation(), path, number).located(offset: offset)
    }
  }

  private static func missingIsNil(
    _ body: () throws(FormatError) -> Status
  ) throws(FormatError) -> Status? {
    do {
      return try body()
    } catch  where error.code == .notFound {
      return nil
    } catch {
      throw error
    }
  }

  private static func failure(_ operation: String, _ path: String, _ number: Int32) -> FormatError {
    let reason = unsafe String(cString: strerror(number))
    let code: FormatError.Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EEXIST, ENOTEMPTY: .exists
      default: .io
      }
    return FormatError(code, "cannot \(operation) it: \(reason)", errno: number)
      .located(file: path)
  }
}

extension SystemCalls.Status {
  fileprivate init(_ value: stat) {
    device = UInt64(truncatingIfNeeded: value.st_dev)
    inode = UInt64(truncatingIfNeeded: value.st_ino)
    byteCount = Int(value.st_size)
    #if canImport(Darwin)
      modifiedSeconds = value.st_mtimespec.tv_sec
      modifiedNanoseconds = value.st_mtimespec.tv_nsec
    #else
      modifiedSeconds = value.st_mtim.tv_sec
      modifiedNanoseconds = value.st_mtim.tv_nsec
    #endif
    isRegular = value.st_mode & S_IFMT == S_IFREG
    isDirectory = value.st_mode & S_IFMT == S_IFDIR
  }
}
