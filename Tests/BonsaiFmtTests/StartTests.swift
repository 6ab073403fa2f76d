import Foundation
import Testing

@Suite("What the program needs of the system") struct StartTests {
  /// With fewer files the runtime dies of a signal, or leaves what it has written.
  @Test(arguments: [(8, 74), (31, 74), (32, 0)]) func descriptors(limit: Int, status: Int32) throws
  {
    let folder = try WorkFolder()
    let script = "ulimit -n \(limit); '\(Tool.path)' sample --shape micro --seed 1 -o out --quiet"
    let result = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
    #expect(result.status == status)
    let said = "bonsai-fmt: 32 open files are needed, the limit is \(limit)\n"
    #expect(result.errors == (status == 0 ? "" : said))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.contains("out") == (status == 0))
  }

  /// As where `/proc` is not there: nothing was asked for, and nothing has been done.
  @Test(.enabled(if: geteuid() == 0, "only root may mount")) func arguments() throws {
    let folder = try WorkFolder()
    let script =
      "unshare -m sh -c 'mount -t tmpfs none /proc || exit 0; \"$0\" clean .; echo $?' \"$0\""
    let result = try Tool.run("/bin/sh", ["-c", script, Tool.path], in: folder.url)
    // Nor can root, in a container that may not mount.
    guard result.output != "" else { return }
    #expect(result.output == "74\n")
    #expect(result.errors == "bonsai-fmt: /proc/self/cmdline: the arguments cannot be read\n")
  }
}
