import CShims

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemCalls {
  /// The status of a path, or `nil` when nothing is there. Follows links.
  package static func status(_ path: String) throws(FormatError) -> Status? {
    try missingIsNil { () throws(FormatError) in
      var value = stat()
      _ = try call(.stat, "look at it", path) { unsafe stat(path, &value) }
      return Status(value)
    }
  }

  /// The status of a path itself, or `nil` when nothing is there. Does not follow a link.
  package static func linkStatus(_ path: String) throws(FormatError) -> Status? {
    try missingIsNil { () throws(FormatError) in
      var value = stat()
      _ = try call(.lstat, "look at it", path) { unsafe lstat(path, &value) }
      return Status(value)
    }
  }

  /// Where a link leads, or `nil` for what is no link.
  package static func linkTarget(_ path: String) throws(FormatError) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    do throws(FormatError) {
      let count = try call(.readlink, "follow it", path) {
        unsafe readlink(path, &buffer, buffer.count)
      }
      return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    } catch  where error.errno == EINVAL {
      return nil
    } catch {
      throw error
    }
  }

  package static func makeDirectory(_ path: String) throws(FormatError) {
    _ = try call(.mkdir, "create it", path) { unsafe mkdir(path, 0o777) }
  }

  package static func rename(_ path: String, to target: String) throws(FormatError) {
    _ = try call(.rename, "rename it to \(target)", path) {
      #if canImport(Glibc)
        unsafe Glibc.rename(path, target)
      #elseif canImport(Musl)
        unsafe Musl.rename(path, target)
      #else
        unsafe Darwin.rename(path, target)
      #endif
    }
  }

  /// Renames unless something is there: throws EEXIST then, see ``isMissing(_:)`` for where it cannot
  /// be asked.
  package static func renameExclusively(_ path: String, to target: String) throws(FormatError) {
    _ = try call(.renameExclusive, "rename it to \(target)", path) {
      unsafe bonsai_rename_exclusive(path, target)
    }
  }

  /// Exchanges two paths; see ``isMissing(_:)`` for where that cannot be done.
  package static func exchange(_ path: String, with other: String) throws(FormatError) {
    _ = try call(.renameExchange, "exchange it with \(other)", path) {
      unsafe bonsai_rename_exchange(path, other)
    }
  }

  /// Whether an error says that the system or the file system has no such way to rename.
  static func isMissing(_ error: FormatError) -> Bool {
    [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(error.errno)
  }

  package static func removeFile(_ path: String) throws(FormatError) {
    _ = try call(.unlink, "remove it", path) { unsafe unlink(path) }
  }

  package static func removeDirectory(_ path: String) throws(FormatError) {
    _ = try call(.rmdir, "remove it", path) { unsafe rmdir(path) }
  }

  /// How many bytes an unprivileged writer may still put on the file system of a path; `nil` where it has
  /// no size of its own, such as one in memory without a limit.
  package static func freeBytes(_ path: String) throws(FormatError) -> Int? {
    var value = statvfs()
    _ = try call(.statvfs, "ask for the free space of it", path) { unsafe statvfs(path, &value) }
    guard value.f_blocks > 0 else { return nil }
    let (bytes, overflow) = Int(clamping: value.f_bavail)
      .multipliedReportingOverflow(by: Int(clamping: value.f_frsize))
    return overflow ? .max : bytes
  }

  /// The path without links and dots, or `nil` when nothing is there.
  package static func resolve(_ path: String) throws(FormatError) -> String? {
    do {
      var resolved: String?
      _ = try call(.realpath, "resolve it", path) {
        guard let text = unsafe realpath(path, nil) else { return -1 }
        defer { unsafe free(text) }
        resolved = unsafe String(cString: text)
        return 0
      }
      return resolved
    } catch  where error.code == .notFound {
      return nil
    } catch {
      throw error
    }
  }

  private static func missingIsNil(
    _ body: () throws(FormatError) -> Status
  ) throws(FormatError) -> Status? {
    do {
      return try body()
    } catch  where error.code == .notFound {
      return nil
    } catch  where error.errno == ELOOP {
      // No fault of the machine's.
      throw FormatError(
        .unsupported, "\(error.message): it is a link that leads back to itself", errno: ELOOP
      ).located(file: error.location.file)
    } catch {
      throw error
    }
  }
}
