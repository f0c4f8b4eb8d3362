import CFuzzer
import Foundation

// fuzz json|multipart|csv|statement [libFuzzer's own arguments]

/// What is tried with each input. Each traps where it finds a fault, and libFuzzer keeps the input.
private let trials: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt] = [
    "json": { tryJSON(bytes($0, $1)) },
    "multipart": { tryMultipart(bytes($0, $1)) },
    "csv": { tryCSV(bytes($0, $1)) },
    "statement": { tryStatement(bytes($0, $1)) },
]

private func bytes(_ data: UnsafePointer<UInt8>?, _ size: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data, count: size))
}

guard CommandLine.arguments.count > 1, let trial = trials[CommandLine.arguments[1]] else {
    FileHandle.standardError.write(Data("usage: fuzz \(trials.keys.sorted().joined(separator: "|")) […]\n".utf8))
    exit(64)
}
var words = ([CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)).map { strdup($0) } + [nil]
var count = CInt(words.count - 1)
let status = words.withUnsafeMutableBufferPointer { words in
    var start = words.baseAddress
    return LLVMFuzzerRunDriver(&count, &start, trial)
}
exit(status)
