import Basis
public import Evidence
import Foundation
import Hummingbird
public import Web

extension ProgramDoor {
    /// What is special below `/xapi`: the version and how far reading is consistent on every answer, refusals included;
    /// the alternate request syntax of version 1.0.3; scripts of other sites, such as learning content.
    ///
    /// - Source: xAPI 1.0.3, part 3, 1.3, 2.1.3 and 3.3; IEEE 9274.1.1-2023, 4.1.2.
    public static func xapi(_ log: StatementLog, limits: XAPILimits = XAPILimits()) -> ProgramDoor {
        var door = ProgramDoor(path: "/xapi")
        door.wrappedByteLimit = limits.bodyBytes
        door.headerByteLimit = limits.headerBytes
        door.headers = { question in
            var headers = [
                (
                    name: "X-Experience-API-Version",
                    value: XAPIVersion.replyHeader(toVersion: question.headers[named: "X-Experience-API-Version"])
                )
            ]
            if question.path == "/xapi/statements" {
                headers.append(("X-Experience-API-Consistent-Through", log.consistentThrough.timestamp))
            }
            return headers
        }
        door.wraps = { AlternateSyntax.isUsed(by: $0) }
        door.unwrap = { try AlternateSyntax.unwrap($0, $1) }
        door.sendableHeaders = [
            "Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Experience-API-Version",
            "X-Experience-API-Hash", "Accept-Language",
        ]
        door.readableHeaders = [
            "ETag", "Last-Modified", "Location", "WWW-Authenticate", "X-Experience-API-Consistent-Through",
            "X-Experience-API-Version", "X-Request-Id",
        ]
        return door
    }
}
