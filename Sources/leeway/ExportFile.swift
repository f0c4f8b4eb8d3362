import Basis
import Foundation

/// A file that an export writes to and goes on with: beside it, `NAME.place` says how much of it is whole and where
/// to go on.
///
/// Killed at any moment, the next run cuts off what was not whole and continues.
struct ExportFile {
    private let handle: FileHandle
    private let placePath: String
    private(set) var place = 0
    private var length: UInt64 = 0

    /// - Throws: `Problem` (`export-file`).
    init(_ path: String) throws {
        placePath = path + ".place"
        let manager = FileManager.default
        if let bytes = manager.contents(atPath: placePath) {
            let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count == 2, manager.fileExists(atPath: path), let place = Int(exactly: numbers[0]) else {
                throw Problem(
                    .conflict, "export-file", "\(placePath) does not belong to \(path). Remove both to begin anew.")
            }
            (self.place, length) = (place, numbers[1])
        } else if manager.fileExists(atPath: path) {
            throw Problem(.conflict, "export-file", "\(path) is there already. Name another file.")
        } else if !manager.createFile(atPath: path, contents: nil) {
            throw Problem(.forbidden, "export-file", "\(path) cannot be written. Name another file.")
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw Problem(.forbidden, "export-file", "\(path) cannot be written. Name another file.")
        }
        self.handle = handle
        guard try handle.seekToEnd() >= length else {
            throw Problem(
                .conflict, "export-file", "\(path) is shorter than \(placePath) says. Remove both to begin anew.")
        }
        try handle.truncate(atOffset: length)
    }

    /// Adds lines, and notes where to go on once they are on the disk.
    mutating func write(_ lines: ArraySlice<UInt8>, upTo place: Int) throws {
        try handle.write(contentsOf: Data(lines))
        try handle.synchronize()
        length += UInt64(lines.count)
        self.place = place
        try Data("\(place) \(length)".utf8).write(to: URL(filePath: placePath), options: .atomic)
    }

    func close() throws { try handle.close() }
}
