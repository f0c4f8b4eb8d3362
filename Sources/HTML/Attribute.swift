/// An attribute. A nil value leaves it out. URLs go through `href`, `src` and `action`, which refuse
/// any scheme but http, https and mailto.
public struct Attribute: Sendable {
    let name: String
    let value: String?
    let isFlag: Bool

    public init(_ name: StaticString, _ value: String?) {
        self.name = name.description
        self.value = value
        isFlag = false
    }

    private init(flag name: String, _ isOn: Bool) {
        self.name = name
        value = isOn ? "" : nil
        isFlag = true
    }

    private init(dynamic name: String, _ value: String?) {
        self.name = name
        self.value = value
        isFlag = false
    }

    /// The attribute `id`.
    public static func id(_ value: String?) -> Attribute { Attribute("id", value) }
    /// The attribute `class`.
    public static func `class`(_ value: String?) -> Attribute { Attribute("class", value) }
    /// The attribute `scope`.
    public static func scope(_ value: String) -> Attribute { Attribute("scope", value) }
    /// The attribute `name`.
    public static func name(_ value: String) -> Attribute { Attribute("name", value) }
    /// The attribute `value`.
    public static func value(_ value: String?) -> Attribute { Attribute("value", value) }
    /// The attribute `type`.
    public static func type(_ value: String) -> Attribute { Attribute("type", value) }
    /// The attribute `for`.
    public static func `for`(_ value: String) -> Attribute { Attribute("for", value) }
    /// The attribute `method`.
    public static func method(_ value: String) -> Attribute { Attribute("method", value) }
    /// The attribute `role`.
    public static func role(_ value: String?) -> Attribute { Attribute("role", value) }
    /// The attribute `title`.
    public static func title(_ value: String?) -> Attribute { Attribute("title", value) }
    /// The attribute `lang`.
    public static func lang(_ value: String?) -> Attribute { Attribute("lang", value) }
    /// The attribute `placeholder`.
    public static func placeholder(_ value: String?) -> Attribute { Attribute("placeholder", value) }
    /// The attribute `autocomplete`.
    public static func autocomplete(_ value: String?) -> Attribute { Attribute("autocomplete", value) }

    /// The attribute `checked`.
    public static func checked(_ isOn: Bool) -> Attribute { Attribute(flag: "checked", isOn) }
    /// The attribute `selected`.
    public static func selected(_ isOn: Bool) -> Attribute { Attribute(flag: "selected", isOn) }
    /// The attribute `disabled`.
    public static func disabled(_ isOn: Bool) -> Attribute { Attribute(flag: "disabled", isOn) }
    /// The attribute `required`.
    public static func required(_ isOn: Bool) -> Attribute { Attribute(flag: "required", isOn) }
    /// The attribute `open`.
    public static func open(_ isOn: Bool) -> Attribute { Attribute(flag: "open", isOn) }
    /// The attribute `hidden`.
    public static func hidden(_ isOn: Bool) -> Attribute { Attribute(flag: "hidden", isOn) }
    /// Any attribute without a value, there or not.
    public static func flag(_ name: StaticString, _ isOn: Bool = true) -> Attribute { Attribute(flag: "\(name)", isOn) }

    /// `data-label="…"` for `.data("label", …)`.
    public static func data(_ name: StaticString, _ value: String?) -> Attribute {
        Attribute(dynamic: "data-\(name)", value)
    }
    /// `aria-label="…"` for `.aria("label", …)`.
    public static func aria(_ name: StaticString, _ value: String?) -> Attribute {
        Attribute(dynamic: "aria-\(name)", value)
    }

    /// The attribute `href`, with an address of a safe scheme or `#`.
    public static func href(_ value: String) -> Attribute { Attribute("href", safe(value)) }
    /// The attribute `src`, with an address of a safe scheme or `#`.
    public static func src(_ value: String) -> Attribute { Attribute("src", safe(value)) }
    /// The attribute `action`, with an address of a safe scheme or `#`.
    public static func action(_ value: String) -> Attribute { Attribute("action", safe(value)) }

    private static func safe(_ url: String) -> String {
        let scheme = url.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
        if scheme.endIndex == url.endIndex || url[scheme.endIndex] != ":" { return url }
        return ["http", "https", "mailto"].contains(scheme.lowercased()) ? url : "#"
    }
}
