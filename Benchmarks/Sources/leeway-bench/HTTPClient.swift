import Foundation

/// One keep-alive connection to 127.0.0.1, blocking, small.
final class HTTPClient {
    struct Answer {
        let status: Int
        let headers: [(name: String, value: String)]
        let bodyBytes: Int
    }

    private let socket: Int32
    private var buffer: [UInt8] = []
    private var piece = [UInt8](repeating: 0, count: 65_536)

    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard connected == 0 else { throw BenchError("nothing listens on port \(port)") }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(socket) }

    func get(_ path: String, cookie: String? = nil) throws -> Answer {
        let line = cookie.map { "Cookie: \($0)\r\n" } ?? ""
        return try exchange("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\(line)\r\n")
    }

    func post(_ path: String, form: String) throws -> Answer {
        try exchange(
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Sec-Fetch-Site: same-origin\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)")
    }

    /// Sends a request as it stands, head and body, and reads the whole answer.
    func exchange(_ bytes: [UInt8]) throws -> Answer {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(socket, buffer.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw BenchError("the connection broke while sending") }
            sent += count
        }
        return try answer()
    }

    private func exchange(_ request: String) throws -> Answer { try exchange(Array(request.utf8)) }

    private func answer() throws -> Answer {
        var head: String?
        while head == nil {
            if let end = headEnd() {
                head = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 4)
            } else {
                try receive()
            }
        }
        let lines = (head ?? "").components(separatedBy: "\r\n")
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        let size = try length.map(take) ?? chunks()
        return Answer(status: status, headers: headers, bodyBytes: size)
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        for index in 0...(buffer.count - 4) where buffer[index] == 13 {
            if buffer[index + 1] == 10, buffer[index + 2] == 13, buffer[index + 3] == 10 { return index }
        }
        return nil
    }

    private func take(_ count: Int) throws -> Int {
        while buffer.count < count { try receive() }
        buffer.removeFirst(count)
        return count
    }

    private func chunks() throws -> Int {
        var size = 0
        while true {
            var end = buffer.firstIndex(of: 10)
            while end == nil {
                try receive()
                end = buffer.firstIndex(of: 10)
            }
            let line = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self).trimmingCharacters(in: .whitespaces)
            buffer.removeFirst((end ?? 0) + 1)
            let count = Int(line.replacingOccurrences(of: "\r", with: ""), radix: 16) ?? 0
            _ = try take(count + 2)
            if count == 0 { return size }
            size += count
        }
    }

    private func receive() throws {
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { throw BenchError("the connection closed early") }
        buffer.append(contentsOf: piece[..<count])
    }
}
