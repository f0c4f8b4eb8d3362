import Basis
import Foundation
import NIOPosix

/// Which addresses links may reach. Link-local ones, where clouds keep their secrets, are never among them.
public enum AddressPolicy: String, CaseIterable, Sendable {
    /// Only addresses of the public Internet.
    case `public`
    /// Those, and private networks (RFC 1918, RFC 4193, RFC 6598).
    case `private`
    /// Those, and this machine itself.
    case loopback

    /// What an address is.
    enum Place: Sendable { case world, network, machine, forbidden }

    func admits(_ place: Place) -> Bool {
        switch place {
        case .world: true
        case .network: self != .public
        case .machine: self == .loopback
        case .forbidden: false
        }
    }

    /// The address that a host has now, if all its addresses are allowed.
    ///
    /// The caller connects to this very address: a name that is changed afterwards changes nothing.
    ///
    /// - Throws: `Problem` (`address-unknown`, `address-refused`).
    func address(of host: String) async throws -> (text: String, place: Place) {
        let found = try await NIOThreadPool.singleton.runIfActive { AddressPolicy.resolve(host) }
        guard let first = found.first(where: { $0.bytes.count == 4 }) ?? found.first else {
            throw Problem(.unavailable, "address-unknown", "The name \(host) has no address. Check it.")
        }
        for address in found {
            let place = AddressPolicy.place(of: address.bytes)
            if !admits(place) {
                throw Problem(
                    .forbidden, "address-refused",
                    "\(host) is at \(address.text), which this server may not reach. "
                        + "Whoever runs it can allow more by the setting exchangeAddresses.")
            }
        }
        return (first.text, AddressPolicy.place(of: first.bytes))
    }

    /// - Source: IANA special-purpose address registries (RFC 6890).
    static func place(of bytes: [UInt8]) -> Place {
        if bytes.count == 16 {
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            if isMapped { return place(of: Array(bytes.suffix(4))) }
            if bytes.prefix(15).allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .machine : .forbidden }
            if bytes[0] & 0xFE == 0xFC { return .network }
            if bytes[0] == 0xFE || bytes[0] == 0xFF { return .forbidden }
            return .world
        }
        guard bytes.count == 4 else { return .forbidden }
        switch (bytes[0], bytes[1]) {
        case (127, _): return .machine
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): return .network
        case (0, _), (169, 254), (224..., _): return .forbidden
        default: return .world
        }
    }

    private static func resolve(_ host: String) -> [(bytes: [UInt8], text: String)] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [(bytes: [UInt8], text: String)] = []
        var next = list
        while let info = next?.pointee {
            next = info.ai_next
            guard let address = info.ai_addr else { continue }
            var text = [CChar](repeating: 0, count: 64)
            let count = info.ai_addrlen
            guard getnameinfo(address, count, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
                continue
            }
            let raw = UnsafeRawBufferPointer(start: address, count: Int(count))
            let bytes = info.ai_family == AF_INET ? Array(raw[4..<8]) : Array(raw[8..<24])
            let letters = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            found.append((bytes, String(decoding: letters, as: UTF8.self)))
        }
        return found
    }
}
