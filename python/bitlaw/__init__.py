"""Results of Bitlaw experiments as Python values.

    import bitlaw

    experiment = bitlaw.open("experiment.yaml")
    experiment.run()
    frame = experiment.table("train")                         # pandas, where it is installed
    weights = experiment.output("train[n=100]", "weights")    # verified against its digest
    law = experiment.law("law")
    law.parameters["alpha"].value, law.predict(n=1e6).value

The package asks the program `bitlaw` and holds no logic of its own. It finds the program as the argument
`program`, in the variable BITLAW, or on the PATH.
"""

from ._action import Action, Output
from ._errors import (
    ActionFailed,
    BitlawError,
    BitlawWarning,
    DamagedOutput,
    DifferenceFound,
    Interrupted,
    ProgramNotFound,
    StoreError,
    UsageError,
)
from ._experiment import Experiment, open
from ._law import Law, Parameter, Prediction
from ._page import Page
from ._run import Failure, RunResult
from ._version import VERSION as __version__

__all__ = [
    "Action",
    "ActionFailed",
    "BitlawError",
    "BitlawWarning",
    "DamagedOutput",
    "DifferenceFound",
    "Experiment",
    "Failure",
    "Interrupted",
    "Law",
    "Output",
    "Page",
    "Parameter",
    "Prediction",
    "ProgramNotFound",
    "RunResult",
    "StoreError",
    "UsageError",
    "__version__",
    "open",
]
