/// Texts by their bytes.
///
/// `==` on `String` takes two spellings of “é” for the same text; Cedar compares code points and so do we, or somebody
/// could pass for somebody else.
extension String {
    func isSame(as other: String) -> Bool {
        let (left, right) = (utf8, other.utf8)
        guard left.count == right.count else { return false }
        let answer = left.withContiguousStorageIfAvailable { left in
            right.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
        }
        return (answer ?? nil) ?? left.elementsEqual(right)
    }

    /// The order of code points, which is that of the bytes of UTF-8.
    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    func hashBytes(into hasher: inout Hasher) {
        let done: Void? = utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if done == nil { Array(utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
        // No text holds this byte, so two texts in a row never look like two others.
        hasher.combine(0xFF as UInt8)
    }
}
