/// SHA-224, which xAPI allows for attachments and the cryptographic library does not have.
///
/// - Source: FIPS 180-4, sections 5.3.2 and 6.3: SHA-256 from another start, cut to 224 bits.
enum SHA224 {
    /// - Returns: 28 bytes.
    static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var state: [UInt32] = [
            0xC105_9ED8, 0x367C_D507, 0x3070_DD17, 0xF70E_5939, 0xFFC0_0B31, 0x6858_1511, 0x64F9_8FA7, 0xBEFA_4FA4,
        ]
        var message = Array(bytes)
        let bits = UInt64(message.count) * 8
        message.append(0x80)
        while message.count % 64 != 56 { message.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) { message.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        for start in stride(from: 0, to: message.count, by: 64) { mix(message[start..<(start + 64)], into: &state) }
        return state.prefix(7).flatMap { word in
            stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    /// - Source: FIPS 180-4, section 6.2.2.
    private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
            block[index..<(index + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = turned(early, 7) ^ turned(early, 18) ^ early >> 3
            let second = turned(late, 17) ^ turned(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var now = state
        for index in 0..<64 {
            let choice = now[4] & now[5] ^ ~now[4] & now[6]
            let majority = now[0] & now[1] ^ now[0] & now[2] ^ now[1] & now[2]
            let high = turned(now[4], 6) ^ turned(now[4], 11) ^ turned(now[4], 25)
            let low = turned(now[0], 2) ^ turned(now[0], 13) ^ turned(now[0], 22)
            let first = now[7] &+ high &+ choice &+ constants[index] &+ words[index]
            now.insert(first &+ low &+ majority, at: 0)
            now[4] = now[4] &+ first
            now.removeLast()
        }
        for index in 0..<8 { state[index] = state[index] &+ now[index] }
    }

    private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    /// - Source: FIPS 180-4, section 4.2.2: of the cube roots of the first 64 primes, 32 bits behind the point.
    private static let constants: [UInt32] = primes.map { prime in
        // The root's whole part and 32 bits of its fraction: the largest r with r³ ≤ prime · 2⁹⁶.
        var low: UInt64 = 0
        var high: UInt64 = 8 << 32
        while high - low > 1 {
            let middle = (low + high) / 2
            if isAtMost(middle, prime) { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    private static func isAtMost(_ root: UInt64, _ prime: UInt64) -> Bool {
        let cube = UInt128(root) * UInt128(root) * UInt128(root)
        return cube <= UInt128(prime) << 96
    }

    private static let primes: [UInt64] = (2...311).filter { number in
        (2..<number).allSatisfy { number % $0 != 0 || $0 == number }
    }
}
