public import Basis
private import CZlib
import Foundation

/// A file read in pieces, unpacked on the way when it is gzip.
///
/// Not for sharing: one reader, one caller.
public final class ByteReader {
    private var file: gzFile?
    private let path: String
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    /// - Throws: `Problem` (`file-missing`, `file-unreadable`) when the file cannot be opened.
    public init(path: String) throws(Problem) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Problem(.missing, "file-missing", "There is no file “\(path)”.")
        }
        guard !isFolder.boolValue, let file = gzopen(path, "rb") else {
            throw Problem(.invalid, "file-unreadable", "“\(path)” cannot be read as a file.")
        }
        gzbuffer(file, 1 << 17)
        self.file = file
    }

    deinit { if let file { gzclose(file) } }

    /// The next piece; nil at the end.
    ///
    /// - Throws: `Problem` (`file-corrupt`) when a gzip file is cut or damaged.
    public func next() throws(Problem) -> ArraySlice<UInt8>? {
        let count = gzread(file, &buffer, UInt32(buffer.count))
        if count > 0 { return buffer[0..<Int(count)] }
        var code: Int32 = 0
        _ = gzerror(file, &code)
        if count < 0 || code == Z_BUF_ERROR {
            throw Problem(.invalid, "file-corrupt", "“\(path)” is cut off or damaged.")
        }
        return nil
    }

    /// Everything, for files that fit in memory.
    ///
    /// - Throws: `Problem` (`file-too-large`) beyond `limit` bytes.
    public static func contents(of path: String, limit: Int = 512 << 20) throws(Problem) -> [UInt8] {
        let reader = try ByteReader(path: path)
        var bytes: [UInt8] = []
        while let piece = try reader.next() {
            bytes.append(contentsOf: piece)
            if bytes.count > limit {
                throw Problem(.oversize, "file-too-large", "“\(path)” is larger than \(limit >> 20) MiB unpacked.")
            }
        }
        return bytes
    }
}
