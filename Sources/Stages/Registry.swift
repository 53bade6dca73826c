package import Pipeline

/// Every kind that ships with Bitlaw.
package let allKinds = KindRegistry([], profile: { "none" })
