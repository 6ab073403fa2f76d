import CShims

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemCalls {
  /// Opens a path. Never blocks on a FIFO, never leaks into a child process.
  package static func open(
    _ path: String, _ flags: Int32, mode: UInt16 = 0o666
  ) throws(FormatError) -> Int32 {
    try call(.open, "open it", path) {
      #if canImport(Glibc)
        unsafe Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
      #elseif canImport(Musl)
        unsafe Musl.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
      #else
        unsafe Darwin.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
      #endif
    }
  }

  /// Closes a descriptor, which is gone also when this throws.
  package static func close(_ descriptor: Int32, path: String) throws(FormatError) {
    try closing(.close, path) {
      #if canImport(Glibc)
        Glibc.close(descriptor)
      #elseif canImport(Musl)
        Musl.close(descriptor)
      #else
        Darwin.close(descriptor)
      #endif
    }
  }

  /// Makes a call that closes something, whatever is to become of it: nothing may stay open.
  static func closing(_ call: Call, _ path: String, _ body: () -> Int32) throws(FormatError) {
    let outcome = CallInterception.outcome(of: call, path)
    var number = body() == 0 ? 0 : errno
    switch outcome {
    case .made, .halved: break
    case .failed(let injected), .madeAndFailed(let injected): number = injected
    }
    // Not repeated after EINTR: the descriptor is gone already, and may be another file's by then.
    if number != 0 && number != EINTR { throw failure("close it", path, number) }
  }

  /// A second descriptor of the same open file; a lock on one is a lock on both.
  package static func duplicate(_ descriptor: Int32, path: String) throws(FormatError) -> Int32 {
    try call(.duplicate, "duplicate it", path) { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
  }

  package static func status(_ descriptor: Int32, path: String) throws(FormatError) -> Status {
    var value = stat()
    _ = try call(.fstat, "look at it", path) { unsafe fstat(descriptor, &value) }
    return Status(value)
  }

  /// Where a descriptor stands, or `nil` for one that has no offsets.
  package static func position(_ descriptor: Int32, path: String) throws(FormatError) -> Int? {
    do {
      return Int(try call(.lseek, "find the place in it", path) { lseek(descriptor, 0, SEEK_CUR) })
    } catch  where error.errno == ESPIPE {
      return nil
    } catch {
      throw error
    }
  }

  package static func setLength(
    _ descriptor: Int32, to count: Int, path: String
  ) throws(FormatError) {
    _ = try call(.ftruncate, "set the length of it", path) { ftruncate(descriptor, off_t(count)) }
  }

  /// Reserves disk blocks; says nothing where the file system cannot.
  package static func reserve(_ descriptor: Int32, _ count: Int, path: String) throws(FormatError) {
    guard count > 0 else { return }
    do throws(FormatError) {
      _ = try call(.fallocate, "reserve \(count) bytes for it", path) {
        bonsai_reserve(descriptor, Int64(count))
      }
    } catch {
      guard error.errno != EOPNOTSUPP, error.errno != ENOSYS, error.errno != EINVAL else { return }
      throw error
    }
  }

  /// Lets the disk begin with what has been written; where it cannot, ``synchronize(_:path:)`` will.
  package static func startWriteback(
    _ descriptor: Int32, at offset: Int, count: Int, path: String
  ) {
    _ = try? call(.syncFileRange, "begin to write it", path) {
      bonsai_start_writeback(descriptor, Int64(offset), Int64(count))
    }
  }

  package static func synchronize(_ descriptor: Int32, path: String) throws(FormatError) {
    _ = try call(.fsync, "make it durable", path) { bonsai_full_sync(descriptor) }
  }

  /// Locks a file or directory for this run alone.
  ///
  /// - Returns: `false` when another run holds it.
  package static func lock(_ descriptor: Int32, path: String) throws(FormatError) -> Bool {
    do {
      _ = try call(.flock, "lock it", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
      return true
    } catch  where error.errno == EWOULDBLOCK {
      return false
    } catch {
      throw error
    }
  }
}
