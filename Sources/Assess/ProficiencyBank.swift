public import Basis
import Foundation

/// The items that ship with Leeway to measure how well people handle AI at work: our own writing, against the learning
/// outcomes of DigComp 3.0 that name AI, by number. They were written with AI, as each of them says, and nobody has
/// reviewed or calibrated them yet.
public enum ProficiencyBank {
    /// The items, one JSON object a line.
    ///
    /// - Throws: `Problem` (`bank-missing`) where the program was installed without its folders.
    public static func items() throws(Problem) -> [UInt8] {
        let file = ShippedFiles.folder("Bank", of: "Assess").appending(path: "ai-proficiency.jsonl")
        guard let bytes = FileManager.default.contents(atPath: file.path), !bytes.isEmpty else {
            throw Problem(
                .fault, "bank-missing",
                "The items of the proficiency test are missing: nothing at \(file.path). Install the program with its "
                    + "folders.")
        }
        return Array(bytes)
    }
}
