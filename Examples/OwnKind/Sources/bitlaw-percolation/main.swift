import BitlawProgram
import Percolation

Program.main(adding: [PercolationStage.self])
