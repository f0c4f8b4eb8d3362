public import Basis
import JSON
public import Storage

/// What an import job was asked to do.
public struct ImportTicket: Hashable, Sendable {
    public let kind: ImportKind
    public let file: ID<SpooledFile>
    /// As it was uploaded.
    public let fileName: String
    public let isDryRun: Bool

    init(kind: ImportKind, file: ID<SpooledFile>, fileName: String, isDryRun: Bool) {
        self.kind = kind
        self.file = file
        self.fileName = fileName
        self.isDryRun = isDryRun
    }

    /// Reads a job; nil for one that imports nothing.
    public init?(_ job: JobRecord) {
        guard let kind = ImportKind.allCases.first(where: { $0.jobKind == job.kind }),
            let payload = try? JSONValue(parsing: job.payload),
            let file = payload["file"]?.string.flatMap({ ID<SpooledFile>($0) }),
            let name = payload["name"]?.string, let isDryRun = payload["dryRun"]?.bool
        else { return nil }
        self.init(kind: kind, file: file, fileName: name, isDryRun: isDryRun)
    }

    var payload: String {
        let payload: JSONValue = [
            "file": .string(file.description), "name": .string(fileName), "dryRun": .bool(isDryRun),
        ]
        return payload.text
    }
}

extension ImportReport {
    /// The report of a job that is done; nil for any other.
    public init?(_ job: JobRecord) {
        guard job.state == .done, let json = try? JSONValue(parsing: job.report) else { return nil }
        self.init(json)
    }
}
