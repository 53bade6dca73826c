// One import gives the contract of kinds. The language promises nothing of `@_exported`, but umbrella modules
// of Swift's own packages stand on it too; without it, kinds of others would have to know our rooms.
@_exported public import Canon
@_exported public import Experiment
@_exported public import Numerics
@_exported public import Workbench
