import Foundation

/// The files that tests make: below one folder of this process, which goes when the process ends, however its tests
/// went. What a process that crashed left behind goes with the next run.
public enum Scratch {
    /// The folder, made at first use.
    public static let folder: String = {
        let path = NSTemporaryDirectory() + "leeway-tests-\(getpid())"
        removeLeftovers()
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.folder) }
        return path
    }()

    /// A path of its own, at which nothing is yet; its last part is the name.
    public static func path(_ name: String) throws -> String {
        let place = folder + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return place + "/" + name
    }

    /// A file of its own that holds the text.
    ///
    /// - Returns: Its path.
    public static func file(_ name: String, _ text: String) throws -> String {
        let path = try path(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private static func removeLeftovers() {
        let place = NSTemporaryDirectory()
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] {
            guard name.hasPrefix("leeway-tests-"), let process = pid_t(name.dropFirst("leeway-tests-".count)),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: place + name)
        }
    }
}
