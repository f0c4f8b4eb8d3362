public import Foundation

/// Files that come with the program.
public enum ShippedFiles {
    /// The folder beside the program, where the build and the installation put what a target ships.
    ///
    /// - Parameters:
    ///   - name: The folder's name.
    ///   - target: The target that it belongs to, such as `Demo`.
    /// - Returns: Where it is to be; whether it is there the reader finds out.
    public static func folder(_ name: String, of target: String) -> URL {
        let path = "leeway_\(target).resources/\(name)"
        let beside = Bundle.main.bundleURL.appending(path: path)
        if FileManager.default.fileExists(atPath: beside.path) { return beside }
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        return program.deletingLastPathComponent().appending(path: path)
    }
}
