/// Writes a ZIP archive as a stream: each file is whole in memory, the archive never is.
///
/// Files are stored as they are. Beyond 65,535 files or 4 GiB the directory takes the ZIP64 form.
///
/// - Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZipArchive {
    private struct Entry {
        let name: [UInt8]
        let sum: UInt32
        let size: UInt32
        let offset: UInt64
    }

    private let sink: ([UInt8]) async throws -> Void
    private var entries: [Entry] = []
    private var offset: UInt64 = 0

    /// The sink takes the archive piece by piece.
    init(into sink: @escaping ([UInt8]) async throws -> Void) { self.sink = sink }

    /// Adds a file of less than 4 GiB.
    ///
    /// - Parameters:
    ///   - name: With slashes between folders.
    ///   - bytes: All of it.
    /// - Throws: What the sink throws.
    mutating func add(_ name: String, _ bytes: [UInt8]) async throws {
        precondition(bytes.count < 0xFFFF_FFFF, "a file of an archive is whole in memory")
        let entry = Entry(
            name: Array(name.utf8), sum: CRC32.sum(of: bytes), size: UInt32(bytes.count), offset: offset)
        var head: [UInt8] = []
        head.put(0x0403_4B50 as UInt32)
        head.put(ZipArchive.fixed(entry))
        head.append(contentsOf: entry.name)
        entries.append(entry)
        offset += UInt64(head.count) + UInt64(bytes.count)
        try await sink(head)
        try await sink(bytes)
    }

    /// What both headers of a file say: version 4.5, names in UTF-8, stored, 1 January 1980, sum, sizes, lengths.
    private static func fixed(_ entry: Entry, extra: UInt16 = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        for number: UInt16 in [45, 0x0800, 0, 0, 0x0021] { bytes.put(number) }
        for number in [entry.sum, entry.size, entry.size] { bytes.put(number) }
        bytes.put(UInt16(entry.name.count))
        bytes.put(extra)
        return bytes
    }

    /// Writes the directory. Nothing may follow.
    mutating func finish() async throws {
        let start = offset
        for chunk in stride(from: 0, to: entries.count, by: 1_000) {
            var bytes: [UInt8] = []
            for entry in entries[chunk..<min(chunk + 1_000, entries.count)] { bytes += ZipArchive.listing(entry) }
            offset += UInt64(bytes.count)
            try await sink(bytes)
        }
        let size = offset - start
        let count = UInt64(entries.count)
        var bytes: [UInt8] = []
        if count >= 0xFFFF || start >= 0xFFFF_FFFF || size >= 0xFFFF_FFFF {
            bytes.put(0x0606_4B50 as UInt32)
            bytes.put(44 as UInt64)
            for number: UInt16 in [45, 45] { bytes.put(number) }
            for number: UInt32 in [0, 0] { bytes.put(number) }
            for number in [count, count, size, start] { bytes.put(number) }
            bytes.put(0x0706_4B50 as UInt32)
            bytes.put(0 as UInt32)
            bytes.put(offset)
            bytes.put(1 as UInt32)
        }
        bytes.put(0x0605_4B50 as UInt32)
        for number: UInt16 in [0, 0] { bytes.put(number) }
        for _ in 0..<2 { bytes.put(UInt16(min(count, 0xFFFF))) }
        for number in [size, start] { bytes.put(UInt32(min(number, 0xFFFF_FFFF))) }
        bytes.put(0 as UInt16)
        try await sink(bytes)
    }

    /// A file's place in the directory.
    private static func listing(_ entry: Entry) -> [UInt8] {
        let isFar = entry.offset >= 0xFFFF_FFFF
        var bytes: [UInt8] = []
        bytes.put(0x0201_4B50 as UInt32)
        bytes.put(45 as UInt16)
        bytes.put(fixed(entry, extra: isFar ? 12 : 0))
        for number: UInt16 in [0, 0, 0] { bytes.put(number) }
        bytes.put(0 as UInt32)
        bytes.put(isFar ? 0xFFFF_FFFF : UInt32(entry.offset))
        bytes.append(contentsOf: entry.name)
        if isFar {
            for number: UInt16 in [1, 8] { bytes.put(number) }
            bytes.put(entry.offset)
        }
        return bytes
    }
}

/// The checksum of ZIP.
///
/// - Source: ISO 3309 as used by PKWARE APPNOTE 6.3.10, section 4.4.7: polynomial 0xEDB88320, reflected.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 0 ? sum >> 1 : 0xEDB8_8320 ^ (sum >> 1) }
    }

    static func sum(of bytes: [UInt8]) -> UInt32 {
        ~table.withUnsafeBufferPointer { table in
            bytes.reduce(UInt32.max) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
        }
    }
}

extension [UInt8] {
    /// Little end first.
    fileprivate mutating func put(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func put(_ bytes: [UInt8]) { append(contentsOf: bytes) }
}
