public import Hummingbird

extension HTTPFields {
    /// A header by its name, such as `headers[named: "X-CSRF-Token"]`. A name that cannot be one has no value.
    public subscript(named name: String) -> String? {
        get { Element.Name(name).flatMap { self[$0] } }
        set { if let name = Element.Name(name) { self[name] = newValue } }
    }

    mutating func append(_ name: String, _ value: String) {
        if let name = Element.Name(name) { append(Element(name: name, value: value)) }
    }
}
