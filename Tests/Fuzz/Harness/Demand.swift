import Foundation

/// Ends the run when what must hold does not, and says what: libFuzzer keeps the input.
func demand(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    if !holds { fail(sentence()) }
}

func fail(_ sentence: String) -> Never {
    FileHandle.standardError.write(Data("FAULT: \(sentence)\n".utf8))
    abort()
}
