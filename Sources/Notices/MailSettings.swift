public import Basis
public import JSON
public import Mail
import Storage

/// Where an organisation's letters are handed in, as it stands. It never holds the password.
public struct MailSettings: Hashable, Sendable {
    public let isOn: Bool
    public let host: String
    public let port: Int
    public let security: MailServer.Security
    /// Empty: without signing in.
    public let user: String
    public let hasPassword: Bool
    public let sender: MailMessage.Address
    /// Where people reach Leeway, without a slash at its end: what links in letters begin with.
    public let address: String
    /// Since when letters go: what happened before is not told.
    public let since: Moment
    /// Failures in a row that no letter is to blame for.
    public let failures: Int
    /// When the server is asked again after such a failure.
    public let nextAt: Moment
    /// What it said then; empty when all is well.
    public let lastError: String
    public let changedAt: Moment

    init(_ row: Row) throws {
        isOn = try row.get("state", as: String.self) == "on"
        host = try row.get("host")
        port = try row.get("port")
        guard let security = MailServer.Security(rawValue: try row.get("security")),
            let sender = MailMessage.Address(name: try row.get("sender_name"), mailbox: try row.get("mailbox"))
        else { throw StorageError.mistyped(column: "mailbox") }
        (self.security, self.sender) = (security, sender)
        user = try row.get("username")
        hasPassword = try row.find("sealed", as: [UInt8].self) != nil
        address = try row.get("address")
        since = try row.get("since")
        failures = try row.get("failures")
        nextAt = try row.get("next_at")
        lastError = try row.get("last_error")
        changedAt = try row.get("changed_at")
    }

    /// For programs.
    public var json: JSONValue {
        [
            "on": .bool(isOn), "host": .string(host), "port": .init(port), "security": .string(security.rawValue),
            "user": .string(user), "hasPassword": .bool(hasPassword), "senderName": .string(sender.name),
            "mailbox": .string(sender.mailbox), "address": .string(address), "failures": .init(failures),
            "lastError": .string(lastError),
        ]
    }
}

/// What may be set of it.
public struct MailDraft: Hashable, Sendable {
    /// A host's name or address.
    public var host = ""
    /// - Range: 1…65535.
    public var port = 587
    public var security = MailServer.Security.starttls
    public var user = ""
    /// Nil keeps the one that is there.
    public var password: String?
    public var senderName = "Leeway"
    public var mailbox = ""
    /// Such as `https://learn.example.org`.
    public var address = ""

    public init() {}

    /// The draft that says the same as settings, with their password kept.
    public init(_ settings: MailSettings) {
        (host, port, security, user) = (settings.host, settings.port, settings.security, settings.user)
        (senderName, mailbox, address) = (settings.sender.name, settings.sender.mailbox, settings.address)
    }

    /// Whether the server is this machine.
    private var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// - Parameter former: What is set now.
    /// - Throws: `Problem` (`mail-invalid`) with what is wrong at each field.
    func check(against former: MailSettings?) throws(Problem) {
        var flaws: [(pointer: String, detail: String)] = []
        if !isHost {
            flaws.append(
                ("/host", "Write the mail server’s name alone, such as smtp.example.org, without https:// or a port."))
        }
        if !(1...65_535).contains(port) {
            flaws.append(
                ("/port", "A port is a whole number from 1 to 65535. Mail servers mostly take 587, 465 or 25."))
        }
        if user.utf8.count > 255 || user.contains(where: \.isNewline) {
            flaws.append(("/user", "A user name has at most 255 bytes on one line."))
        }
        flaws += passwordFlaws(former)
        if MailMessage.Address(mailbox: mailbox) == nil {
            flaws.append(("/mailbox", "Write one mailbox, such as leeway@example.org."))
        }
        if senderName.count > 80 || senderName.contains(where: \.isNewline) {
            flaws.append(("/senderName", "The name has at most 80 characters on one line."))
        }
        if !isAddress {
            flaws.append(("/address", "Write where people reach Leeway, such as https://learn.example.org."))
        }
        if flaws.isEmpty { return }
        throw Problem(
            .invalid, "mail-invalid", flaws.map(\.detail).joined(separator: " "), at: flaws.map(\.pointer),
            details: flaws.map(\.detail))
    }

    private func passwordFlaws(_ former: MailSettings?) -> [(pointer: String, detail: String)] {
        if let password, password.utf8.count > 4_096 || password.contains(where: \.isNewline) {
            return [("/password", "A password has at most 4096 bytes on one line.")]
        }
        if user.isEmpty {
            if let password, !password.isEmpty {
                return [("/user", "A password needs a user name. Name the user, or leave the password empty.")]
            }
            return []
        }
        if security == .none, !isLoopback {
            let words = "A password goes protected only. Choose STARTTLS or TLS, or leave the user name empty."
            return [("/security", words)]
        }
        guard password == nil else { return [] }
        if former?.hasPassword != true {
            return [("/password", "Write the user’s password.")]
        }
        // Else whoever may change the settings could have the password sent to a server of their own.
        if former?.host != host || former?.user != user || former?.port != port || former?.security != security {
            return [
                ("/password", "Write the password again: it is kept only for the same server, user and protection.")
            ]
        }
        return []
    }

    private var isHost: Bool {
        let isPlain = host.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || Array("-._".utf8).contains($0)
        }
        return !host.isEmpty && host.utf8.count <= 253 && isPlain && !host.hasPrefix("-")
    }

    private var isAddress: Bool {
        guard address.utf8.count <= 500, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }),
            let scheme = ["https://", "http://"].first(where: address.hasPrefix)
        else { return false }
        let rest = address.dropFirst(scheme.count)
        return !rest.isEmpty && !rest.hasPrefix("/") && !rest.contains("?") && !rest.contains("#")
            && !rest.contains("@")
    }
}
