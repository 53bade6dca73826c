/// How a condition in brackets compares two values, as it is written; `==` means the same as `=`.
package enum ConditionSign: String, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}
