package import Canon
package import System

/// A tool that a stage names in `tools:`: what it adds to the key, and what the program sees of it.
package struct ToolIdentity: Sendable, Equatable {
    /// What stands at a tool's place.
    package enum Kind: String, Sendable {
        /// A virtual environment of Python: it has a `pyvenv.cfg`.
        case venv = "Python environment"
        /// A conda environment: it has a folder `conda-meta`.
        case conda = "conda environment"
        /// A list of packages: `uv.lock`, `renv.lock`, `requirements.txt` and the like.
        case lock
        /// Any other file.
        case file
        /// Any other folder.
        case folder
    }

    /// What it is.
    package let kind: Kind
    /// What its part of the key is: the same packages give the same digest wherever they stand.
    package let digest: Digest
    /// What it is made of, for people and for `why`: no place is in it.
    package let description: JSON
    /// What the program has to see of it, read-only; nothing for a list of packages.
    package let mounts: [SandboxMount]
    /// The folders of programs that belong at the front of `PATH`, as a confined program sees them.
    package let path: [String]
    /// The same folders for a program that nothing confines.
    package let ownPath: [String]
    /// The places outside the project whose contents count, with every link followed.
    ///
    /// Whoever reads the project has to have approved them. An interpreter that an environment was made from
    /// is none.
    package let outside: [String]
}
