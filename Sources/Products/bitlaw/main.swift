import BitlawProgram

Program.main()
