public import Basis
import Catalog
public import Intent

extension Stores {
    /// Whether every content that a certification names is in the catalogue.
    ///
    /// - Throws: `Problem` (`content-missing`) naming every place.
    public func expectContents(of draft: CertificationDraft, in tenant: TenantID) async throws {
        let named: [(String, ID<Content>?)] =
            [
                ("/content", draft.content), ("/renewalContent", draft.renewalContent), ("/testOut", draft.testOut),
            ] + draft.equivalents.enumerated().map { ("/equivalents/\($0.offset)", $0.element) }
        let titles = try await library.titles(of: named.compactMap(\.1), tenant: tenant)
        let places = named.filter { one in one.1.map { titles[$0] == nil } ?? false }.map(\.0)
        if places.isEmpty { return }
        let sentence = "There is no such object in the catalogue. Choose one that is there."
        throw Problem(
            .invalid, "content-missing", sentence, at: places, details: places.map { _ in sentence })
    }
}
